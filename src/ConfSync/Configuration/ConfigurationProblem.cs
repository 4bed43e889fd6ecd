using System.Collections.Immutable;
using ConfSync.Bytes;

namespace ConfSync.Configuration;

/// <summary>What a problem of a configuration file is about.</summary>
public enum ConfigurationArea
{
    /// <summary>A value, or how values go together.</summary>
    Value,

    /// <summary>The file as such: it cannot be read, or must not be trusted.</summary>
    File,
    Syntax,

    /// <summary>The inventory that NODES refers to.</summary>
    Inventory,
}

/// <summary>Something that is wrong with a configuration file.</summary>
/// <param name="File">The file, as the user named it.</param>
/// <param name="Line">The line, counted from 1; 0 where the problem is about the file as a whole.</param>
/// <param name="Message">What is wrong and what to do, in one line that is safe to show on a terminal.</param>
/// <param name="IsWarning">The configuration can still be used.</param>
public sealed record ConfigurationProblem(string File, int Line, string Message, bool IsWarning = false)
{
    public ConfigurationArea Area { get; init; }

    /// <summary><c>file:line: message</c>, as compilers write it and editors understand it.</summary>
    public override string ToString() =>
        Line > 0 ? $"{PosixText.Printable(File)}:{Line}: {Message}" : $"{PosixText.Printable(File)}: {Message}";
}

/// <summary>The result of reading a configuration file.</summary>
/// <param name="Config">The configuration; null where at least one problem is more than a warning.</param>
/// <param name="Problems">All problems, in the order of the file's lines.</param>
public sealed record ConfigurationResult(SyncConfig? Config, ImmutableArray<ConfigurationProblem> Problems);
