namespace ConfSync.Reports;

/// <summary>The code of a message, such as <c>NS-2017</c>, and what docs/troubleshooting.md and <c>nginx-sync help NS-2017</c> say of
/// it. This is the one description of it.</summary>
/// <param name="Number">Four digits. It is never changed, and never given to another message.</param>
/// <param name="Title">What is wrong, without a full stop. Markdown, as the other two.</param>
/// <param name="Cause">How that comes about; whole sentences.</param>
/// <param name="Remedy">What to do; whole sentences.</param>
internal sealed record MessageCode(int Number, string Title, string Cause, string Remedy)
{
    /// <summary>As the screen, documents and <c>nginx-sync help</c> name it.</summary>
    public override string ToString() => FormattableString.Invariant($"NS-{Number:0000}");

    /// <summary>A table by what has the codes.</summary>
    public static IReadOnlyDictionary<TKey, MessageCode> Table<TKey>(IEnumerable<(TKey Key, MessageCode Code)> rows)
        where TKey : notnull => rows.ToDictionary(row => row.Key, row => row.Code);
}
