using System.Collections.Immutable;
using System.Text;
using ConfSync.Protocol;

namespace ConfSync.Primary;

/// <summary>What the primary remembers of runs.</summary>
internal interface IRunLog
{
    /// <summary>Notes that a run is at work. If its end is never noted, it counts as a run that was cut off.</summary>
    /// <exception cref="PeerException">That could not be noted.</exception>
    Task BeginAsync(RecordedRun run);

    /// <summary>Notes that a run is over and needs no record.</summary>
    /// <exception cref="PeerException">That could not be noted.</exception>
    Task EndAsync(string id);

    /// <summary>Adds a run, which is over then. Of the runs that are there, the last 199 stay.</summary>
    /// <exception cref="PeerException">The run could not be added.</exception>
    Task AddAsync(RecordedRun run);

    /// <summary>Adds what was taken over from a node.</summary>
    /// <exception cref="PeerException">It could not be added.</exception>
    Task AddAsync(AdoptionRecord adoption);

    /// <summary>What is remembered, the oldest one first, with the run that is at work or was cut off as the last. What a later
    /// version wrote is left out.</summary>
    /// <exception cref="PeerException">It cannot be read, or other users may have written it.</exception>
    Task<RunLogContent> ReadAsync(CancellationToken cancellation);
}

/// <summary>What the primary remembers, the oldest one first.</summary>
internal sealed record RunLogContent(ImmutableArray<RecordedRun> Runs, ImmutableArray<AdoptionRecord> Adoptions)
{
    public static RunLogContent None { get; } = new([], []);

    /// <param name="lines">The lines of the file.</param>
    public static RunLogContent Of(IReadOnlyCollection<string> lines) => new(
        [.. lines.Select(RecordedRun.Parse).OfType<RecordedRun>().DistinctBy(run => run.Run.Id)], [.. lines.Select(AdoptionRecord.Parse).OfType<AdoptionRecord>()]);
}

/// <summary>The primary's file of runs, through a local shell, because the file is root's under sudo as well
/// (primary/runs.sh).</summary>
/// <param name="Sudo">Where the user is not root, local commands run under sudo.</param>
/// <param name="Open">A shell that a run has open, and that adds the run; null where another one has to be started.</param>
internal sealed record RunLogShell(bool Sudo, PrimaryShell? Open = null) : IRunLog
{
    /// <summary>The path of the file.</summary>
    public const string Path = "/var/lib/nginx-sync/runs";

    public Task BeginAsync(RecordedRun run) => ToShellAsync(open => open.BeginRunAsync(run), session => session.BeginRunAsync(run));

    public Task AddAsync(AdoptionRecord adoption) => AddAsync(adoption.Format());

    public async Task AddAsync(RecordedRun run)
    {
        await AddAsync(run.Format());
        await EndAsync(run.Run.Id);
    }

    public Task EndAsync(string id) => ToShellAsync(open => open.EndRunAsync(id), session => session.EndRunAsync(id));

    public async Task<RunLogContent> ReadAsync(CancellationToken cancellation)
    {
        await using var session = new Session(Sudo);
        var recorded = await session.LinesAsync("recorded", cancellation);
        var unended = await session.LinesAsync("unended", cancellation);
        return RunLogContent.Of([.. new[] { recorded, unended }.SelectMany(file => Encoding.ASCII.GetString(file.Span).Split('\n'))]);
    }

    private Task AddAsync(string line) => ToShellAsync(open => open.RecordAsync(line), session => session.RecordAsync(line));

    private async Task ToShellAsync(Func<PrimaryShell, Task> toOpen, Func<Session, Task> toOther)
    {
        try
        {
            if (Open is not null)
            {
                await toOpen(Open);
                return;
            }
        }
        catch (PeerException)
        {
            // A signal may have ended that shell, and with it the run. The next roll-back needs the record then more than ever.
        }
        await using var session = new Session(Sudo);
        await toOther(session);
    }

    private sealed class Session(bool sudo) : OwnFileSession(
        sudo, new Limit("the record of runs", TimeSpan.FromMinutes(1), "") { Bytes = 1L << 28 })
    {
        public async Task<ReadOnlyMemory<byte>> LinesAsync(string request, CancellationToken cancellation) => await ReadFileAsync(request, cancellation) ?? default;
    }
}
