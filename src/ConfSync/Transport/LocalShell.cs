namespace ConfSync.Transport;

/// <summary>A shell on this machine behind the same interface, since the primary's files are looked at by the same
/// program as a peer's, and under sudo where the user is not root.</summary>
public sealed record LocalShell : ITransport
{
    public IRemoteCommand Open(string command) => ProcessCommand.Start("/bin/sh", ["-c", command]);
}
