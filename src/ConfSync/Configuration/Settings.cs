using System.Globalization;

namespace ConfSync.Configuration;

/// <summary>The variables of a file by name, each read as its type. Where a value is wrong, the problem is reported and the
/// default returned. An empty value counts as not set, as in nginx-sync.sh.</summary>
/// <param name="values">The last assignment of each name.</param>
/// <param name="report">Receives every problem: its line, its message, and whether it is only a warning.</param>
internal sealed class Settings(IReadOnlyDictionary<string, ShellAssignment> values, Action<int, string, bool> report)
{
    // One day, which is longer than any run waits and far from any overflow.
    private const int MostSeconds = 86400;

    /// <summary>An item of a list, and the line of the file where it begins.</summary>
    public readonly record struct Word(string Text, int Line);

    /// <summary>The assignment; null if its value is empty or was reported as wrong.</summary>
    public ShellAssignment? Find(string name) =>
        values.GetValueOrDefault(name) is { Value.Length: > 0 } found ? found : null;

    public string? Text(string name) => Find(name)?.Value;

    /// <summary>The items of a list that can be read.</summary>
    public IReadOnlyList<Word> Words(string name)
    {
        if (Find(name) is not { Value: { } value } found) return [];
        var words = new List<Word>();
        foreach (var item in ItemReader.Split(value))
        {
            var line = found.LineAt(item.Offset);
            if (item.UnclosedQuote is char quote)
            {
                Error(line, $"{name}: {Quoted.Of(item.Text)} has a {quote} inside the value that is never closed");
                continue;
            }
            words.Add(new Word(item.Text, line));
        }
        return words;
    }

    public string? Path(string name, int levels)
    {
        if (Find(name) is not { Value: { } value, Line: var line }) return null;
        if (AbsolutePath.TryNormalise(value, levels, out var path, out var problem)) return path;
        Error(line, $"{name}: {problem}");
        return null;
    }

    /// <summary>The path of a program. PATH is not searched, because it differs between a login, cron and sudo.</summary>
    public string? Program(string name)
    {
        if (Find(name) is { Value: { } value, Line: var line } && value.Contains(" -", StringComparison.Ordinal))
        {
            Error(line, $"{name}: {Quoted.Of(value)} holds options: name the program alone" +
                (name == "SSH" ? ", and write the options into ~/.ssh/config" : ""));
            return null;
        }
        return Path(name, levels: 1);
    }

    public TimeSpan Seconds(string name, TimeSpan @default, int least = 1) =>
        TimeSpan.FromSeconds(Number(name, (int)@default.TotalSeconds, least, MostSeconds, "of seconds "));

    public int Number(string name, int @default, int least, int most, string unit = "")
    {
        if (Find(name) is not { Value: { } value, Line: var line }) return @default;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) &&
            number >= least && number <= most)
        {
            return number;
        }
        Error(line, $"{name}: {Quoted.Of(value)} is not a number {unit}from {least} to {most}");
        return @default;
    }

    public bool YesNo(string name, bool @default = false)
    {
        if (Find(name) is not { Value: { } value, Line: var line }) return @default;
        switch (value.ToUpperInvariant())
        {
            case "YES": return true;
            case "NO": return false;
        }
        Error(line, $"{name}: {Quoted.Of(value)} is neither yes nor no");
        return @default;
    }

    /// <summary>The value of the word that the variable holds, without regard to case.</summary>
    public T OneOf<T>(string name, T @default, params ReadOnlySpan<(string Word, T Value)> words)
    {
        if (Find(name) is not { Value: { } value, Line: var line }) return @default;
        foreach (var (word, meaning) in words)
        {
            if (word.Equals(value, StringComparison.OrdinalIgnoreCase)) return meaning;
        }
        Error(line, $"{name}: {Quoted.Of(value)} is none of {string.Join(", ", words.ToArray().Select(word => word.Word))}");
        return @default;
    }

    public void Error(int line, string message) => report(line, message, false);

    public void Warn(int line, string message) => report(line, message, true);
}
