using System.Collections.Concurrent;
using ConfSync.Configuration;
using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>Asks an ssh program what its configuration says about hosts: <c>ssh -G</c>. Where that is the same for all hosts, it
/// is asked once.</summary>
internal static class SshQuestions
{
    // The program whose configuration files are known.
    private const string SystemProgram = SyncConfig.DefaultSsh;

    // More at a time would only delay each other.
    private static readonly SemaphoreSlim Places = new(8);

    private static readonly Lazy<bool> IsOneForAll = new(() => SshConfigFiles.OfThisMachine.AreSameForAll(Posix.HomeDirectory));
    private static readonly ConcurrentDictionary<string, Lazy<Task<SshSettings?>>> Shared = new(StringComparer.Ordinal);

    /// <summary>Starts to ask for what any host without settings of its own needs, so that no login waits for it later.</summary>
    public static void AskEarly()
    {
        if (IsOneForAll.Value) _ = SharedAsync(SystemProgram, [], "localhost");
    }

    /// <summary>The configuration for one host.</summary>
    /// <param name="selection">The arguments that name key, port and user; empty for none.</param>
    /// <returns>Null where the program does not say.</returns>
    public static async Task<SshSettings?> AskAsync(string program, IReadOnlyCollection<string> selection, string host)
    {
        if (program != SystemProgram || !IsOneForAll.Value) return await RunAsync(program, selection, host);
        return (await SharedAsync(program, selection, host))?.Of(host);
    }

    private static Task<SshSettings?> SharedAsync(string program, IReadOnlyCollection<string> selection, string host) =>
        Shared.GetOrAdd(string.Join('\0', selection), _ => new(() => Task.Run(() => RunAsync(program, selection, host)))).Value;

    private static async Task<SshSettings?> RunAsync(string program, IEnumerable<string> selection, string host)
    {
        await Places.WaitAsync();
        try
        {
            if (!ProcessCommand.TryStart(program, ["-G", .. selection, "--", host], out var started, out _)) return null;
            await using var disposed = started;
            await started.Input.DisposeAsync();
            using var reader = new StreamReader(started.Output);
            var answer = await reader.ReadToEndAsync();
            return await started.ExitAsync(CancellationToken.None) == 0 ? SshSettings.Parse(answer) : null;
        }
        finally
        {
            Places.Release();
        }
    }
}
