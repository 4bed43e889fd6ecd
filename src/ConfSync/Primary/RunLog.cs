using System.Collections.Immutable;
using System.Text;
using ConfSync.Protocol;

namespace ConfSync.Primary;

/// <summary>What the primary remembers of runs.</summary>
internal interface IRunLog
{
    /// <summary>Adds a run. Of the runs that are there, the last 199 stay.</summary>
    /// <exception cref="PeerException">The run could not be added.</exception>
    Task AddAsync(RecordedRun run);

    /// <summary>The runs, the oldest one first. What a later version wrote is left out.</summary>
    /// <exception cref="PeerException">They cannot be read, or other users may have written them.</exception>
    Task<ImmutableArray<RecordedRun>> ReadAsync(CancellationToken cancellation);
}

/// <summary>The primary's file of runs, through a local shell, because the file is root's under sudo as well
/// (primary/runs.sh).</summary>
/// <param name="Sudo">Where the user is not root, local commands run under sudo.</param>
/// <param name="Open">A shell that a run has open, and that adds the run; null where another one has to be started.</param>
internal sealed record RunLogShell(bool Sudo, PrimaryShell? Open = null) : IRunLog
{
    /// <summary>The path of the file.</summary>
    public const string Path = "/var/lib/nginx-sync/runs";

    public async Task AddAsync(RecordedRun run)
    {
        if (Open is not null)
        {
            await Open.RecordAsync(run);
            return;
        }
        await using var session = new Session(Sudo);
        await session.RecordAsync(run);
    }

    public async Task<ImmutableArray<RecordedRun>> ReadAsync(CancellationToken cancellation)
    {
        await using var session = new Session(Sudo);
        if (await session.ReadAsync(cancellation) is not { } bytes) return [];
        var lines = Encoding.ASCII.GetString(bytes.Span).Split('\n');
        return [.. lines.Select(RecordedRun.Parse).OfType<RecordedRun>()];
    }

    private sealed class Session(bool sudo) : OwnFileSession(
        sudo, new Limit("the record of runs", TimeSpan.FromMinutes(1), "") { Bytes = 1L << 28 })
    {
        public Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation) => ReadFileAsync("recorded", cancellation);
    }
}
