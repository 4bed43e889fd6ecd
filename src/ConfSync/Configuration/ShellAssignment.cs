using System.Collections.Immutable;

namespace ConfSync.Configuration;

/// <summary>One <c>NAME=value</c> of a file in shell syntax.</summary>
/// <param name="Name">A shell name: letters, digits and underscores, with no digit first.</param>
/// <param name="Value">The value, with quotes removed and variables replaced; null where a problem was reported for
/// it.</param>
/// <param name="Line">The line of the name, counted from 1.</param>
public sealed record ShellAssignment(string Name, string? Value, int Line)
{
    /// <summary>The variables that the value refers to.</summary>
    public ImmutableHashSet<string> References { get; init; } = [];

    /// <summary>The indexes in <see cref="Value"/> at which a further line of the file begins.</summary>
    internal ImmutableArray<int> LineStarts { get; init; } = [];

    /// <summary>The line of the file that holds this character of the value.</summary>
    public int LineAt(int offset) => Line + LineStarts.Count(start => start <= offset);
}
