namespace ConfSync.SystemTests;

/// <summary>
/// tests/lab/faults.c, preloaded into every program of one peer: counts what the peer's side of ssh sessions changes, and
/// at the N-th of these calls kills or fails.
/// </summary>
internal sealed class FaultInjector
{
    /// <summary>The plan that strikes nothing, and has <see cref="Struck"/> tell each call.</summary>
    public const string Trace = "0 trace";

    private const string Library = "/usr/local/lib/faults.so", Directory = "/run/faults";

    // sizeof (struct state): three numbers, and two sets of 2^18 bits.
    private const int StateLength = 12 + 2 * (1 << 18) / 8;

    private static readonly Lazy<Task<byte[]>> Compiled = new(CompileAsync);

    private readonly Node peer;

    private FaultInjector(Node peer) => this.peer = peer;

    /// <summary>What struck, a line each: the number of the call, what was done to it, the call, its path and the program.</summary>
    public string Struck => peer.Exists($"{Directory}/log") ? peer.ReadText($"{Directory}/log").TrimEnd('\n') : "nothing struck";

    /// <summary>Builds it, once a test run, and puts it into the peer, where it does nothing yet.</summary>
    public static async Task<FaultInjector> InstallAsync(Node peer)
    {
        peer.Write(Library, await Compiled.Value);
        peer.Write("/etc/ld.so.preload", $"{Library}\n");
        return new FaultInjector(peer);
    }

    /// <summary>From now on, sessions that begin are counted together, from 1, and struck.</summary>
    /// <param name="plan">A line for each fault, two at most, as faults.c describes them.</param>
    public void Arm(params IEnumerable<string> plan)
    {
        peer.Delete(Directory);
        peer.Write($"{Directory}/state", new byte[StateLength]);
        peer.Write($"{Directory}/plan", string.Join('\n', plan) + "\n");
    }

    /// <summary>Sessions that begin are left alone again.</summary>
    public void Disarm() => peer.Delete($"{Directory}/plan");

    private static async Task<byte[]> CompileAsync()
    {
        var temporary = System.IO.Directory.CreateTempSubdirectory("nginx-sync-faults.");
        try
        {
            var library = Path.Combine(temporary.FullName, "faults.so");
            await using var compiler = Running.Start("gcc", [
                "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-U_FORTIFY_SOURCE", "-fPIC", "-shared", "-pthread",
                "-o", library, Path.Combine(LabScript.Repository, "tests", "lab", "faults.c"), "-ldl"]);
            _ = (await compiler.WaitAsync()).OutIfSuccessful;
            return await File.ReadAllBytesAsync(library);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }
}
