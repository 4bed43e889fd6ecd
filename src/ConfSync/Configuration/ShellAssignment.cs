using System.Collections.Immutable;

namespace ConfSync.Configuration;

/// <summary>One <c>NAME=value</c> of a file in shell syntax.</summary>
/// <param name="Name">A shell name: letters, digits and underscores, no digit first.</param>
/// <param name="Value">With quotes removed and variables replaced; null where a problem was reported for it.</param>
/// <param name="Line">Where the name stands, counted from 1.</param>
public sealed record ShellAssignment(string Name, string? Value, int Line)
{
    /// <summary>The variables that the value was made from.</summary>
    public ImmutableHashSet<string> References { get; init; } = [];

    /// <summary>The offsets in <see cref="Value"/> at which a further line of the file begins.</summary>
    internal ImmutableArray<int> LineStarts { get; init; } = [];

    /// <summary>The line of the file that this character of the value comes from.</summary>
    public int LineAt(int offset) => Line + LineStarts.Count(start => start <= offset);
}
