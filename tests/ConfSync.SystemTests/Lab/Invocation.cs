namespace ConfSync.SystemTests;

/// <summary>A command to be run inside a node, in a session of its own, without a terminal.</summary>
/// <param name="Arguments">The program, looked for on the node's PATH, and what is passed to it.</param>
public sealed record Invocation(params string[] Arguments)
{
    /// <summary>What the command reads on standard input, to its end. Null: nothing.</summary>
    public byte[]? Input { get; init; }

    /// <summary>Leaves standard input open, to be written and closed by the test.</summary>
    public bool KeepInputOpen { get; init; }

    /// <summary>root, deploy or plain.</summary>
    public string User { get; init; } = "root";

    /// <summary>Added to the node's own environment; nothing of the test's gets through.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
