namespace ConfSync.SystemTests;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit status; 128 and the signal's number if a signal ended it.</param>
/// <param name="Out">All of its standard output.</param>
/// <param name="Err">All of its standard error.</param>
public sealed record Outcome(int ExitCode, string Out, string Err)
{
    /// <summary>Standard output of a command that had to succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds what it said.</exception>
    public string OutIfSuccessful =>
        ExitCode == 0 ? Out : throw new InvalidOperationException($"the command failed: {this}");

    public override string ToString() => $"exit status {ExitCode}\n--- stdout\n{Out}\n--- stderr\n{Err}";
}

/// <summary>An answer to an HTTP request.</summary>
public sealed record HttpAnswer(int Status, string Body);
