using System.Runtime.InteropServices;

namespace ConfSync.SystemTests;

/// <summary>
/// A primary and its peers, each with a network, processes and a disk of its own, a real sshd and a real nginx, on
/// this machine. Every node starts with the same small nginx configuration, which answers "default". Needs root.
/// </summary>
public sealed class Lab : IAsyncDisposable
{
    private static int count;

    private Lab(string name, IReadOnlyList<Node> nodes)
    {
        Name = name;
        Primary = (Primary)nodes[0];
        Peers = nodes.Skip(1).ToList();
    }

    /// <summary>What <c>tests/lab/lab</c> knows it as.</summary>
    public string Name { get; }

    /// <summary>Where nginx-sync is. Its users may log in on every peer, and know the peers' host keys.</summary>
    public Primary Primary { get; }

    public IReadOnlyList<Node> Peers { get; }

    /// <summary>The peers' addresses, with a space between them.</summary>
    public string Nodes => string.Join(' ', Peers.Select(peer => peer.Address));

    /// <summary>Starts a primary and so many peers of one kind (Debian, unless told).</summary>
    public static Task<Lab> StartPeersAsync(int peers, PeerKind? kind = null) =>
        StartAsync(Enumerable.Repeat(kind ?? PeerKind.Debian, peers).ToArray());

    /// <summary>Starts a primary and a peer of each of these kinds.</summary>
    /// <exception cref="InvalidOperationException">A node did not start; the message says why.</exception>
    public static async Task<Lab> StartAsync(params PeerKind[] kinds)
    {
        var name = $"test-{Environment.ProcessId}-{Interlocked.Increment(ref count)}";
        List<string> up = ["up", name, $"{kinds.Length}", "--owner", $"{Environment.ProcessId}"];
        up.AddRange(["--tool", await PublishedCommand.DirectoryAsync(), "--mount", DotnetRoot]);
        for (var i = 0; i < kinds.Length; i++) up.AddRange(["--node", $"{i + 1}", .. kinds[i].Options()]);
        var lines = (await LabScript.RunAsync(up)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new Lab(
            name, lines.Select((line, i) => i == 0 ? new Primary(name, line) : new Node(name, line)).ToList());
    }

    /// <summary>Ends it all. Nothing is left.</summary>
    public async ValueTask DisposeAsync() => await LabScript.RunAsync("down", Name);

    /// <summary>Where the runtime is that runs the tests: perhaps a home, which nodes do not see.</summary>
    internal static string DotnetRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
