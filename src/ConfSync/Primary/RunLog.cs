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

    /// <summary>Adds what was taken over from a node.</summary>
    /// <exception cref="PeerException">It could not be added.</exception>
    Task AddAsync(AdoptionRecord adoption);

    /// <summary>What is remembered, the oldest one first. What a later version wrote is left out.</summary>
    /// <exception cref="PeerException">It cannot be read, or other users may have written it.</exception>
    Task<RunLogContent> ReadAsync(CancellationToken cancellation);
}

/// <summary>What the primary remembers, the oldest one first.</summary>
internal sealed record RunLogContent(ImmutableArray<RecordedRun> Runs, ImmutableArray<AdoptionRecord> Adoptions)
{
    public static RunLogContent None { get; } = new([], []);

    /// <param name="lines">The lines of the file.</param>
    public static RunLogContent Of(IReadOnlyCollection<string> lines) => new(
        [.. lines.Select(RecordedRun.Parse).OfType<RecordedRun>()], [.. lines.Select(AdoptionRecord.Parse).OfType<AdoptionRecord>()]);
}

/// <summary>The primary's file of runs, through a local shell, because the file is root's under sudo as well
/// (primary/runs.sh).</summary>
/// <param name="Sudo">Where the user is not root, local commands run under sudo.</param>
/// <param name="Open">A shell that a run has open, and that adds the run; null where another one has to be started.</param>
internal sealed record RunLogShell(bool Sudo, PrimaryShell? Open = null) : IRunLog
{
    /// <summary>The path of the file.</summary>
    public const string Path = "/var/lib/nginx-sync/runs";

    public Task AddAsync(RecordedRun run) => AddAsync(run.Format());

    public Task AddAsync(AdoptionRecord adoption) => AddAsync(adoption.Format());

    private async Task AddAsync(string line)
    {
        try
        {
            if (Open is not null)
            {
                await Open.RecordAsync(line);
                return;
            }
        }
        catch (PeerException)
        {
            // A signal may have ended that shell, and with it the run. The next roll-back needs the record then more than ever.
        }
        await using var session = new Session(Sudo);
        await session.RecordAsync(line);
    }

    public async Task<RunLogContent> ReadAsync(CancellationToken cancellation)
    {
        await using var session = new Session(Sudo);
        return await session.ReadAsync(cancellation) is { } bytes ? RunLogContent.Of(Encoding.ASCII.GetString(bytes.Span).Split('\n')) : RunLogContent.None;
    }

    private sealed class Session(bool sudo) : OwnFileSession(
        sudo, new Limit("the record of runs", TimeSpan.FromMinutes(1), "") { Bytes = 1L << 28 })
    {
        public Task<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellation) => ReadFileAsync("recorded", cancellation);
    }
}
