using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>The runs that this machine remembers: those that it made, and those that it was given while it was a peer itself.
/// A run that it does not remember brought a state that this machine has never had.</summary>
/// <param name="Ids">The IDs of these runs.</param>
/// <param name="Digests">The states that this machine was given. A node may have had one of them by another run.</param>
/// <param name="Since">When the first run began that this machine was given, if it has forgotten earlier ones; otherwise
/// null. Older runs are not held against a node.</param>
internal sealed record RunMemory(ImmutableHashSet<string> Ids, ImmutableHashSet<string> Digests, DateTimeOffset? Since)
{
    public static RunMemory None { get; } = new([], [], null);

    /// <param name="made">The runs that this machine made. Those that were refused are among them: that this machine has run
    /// says nothing of what it was given.</param>
    /// <param name="received">What this machine keeps as a peer, lowest number first.</param>
    /// <param name="adoptions">What this machine took over from nodes, the oldest one first.</param>
    public static RunMemory Of(IEnumerable<RunRecord> made, IReadOnlyList<Generation> received, IReadOnlyCollection<AdoptionRecord> adoptions)
    {
        // What was taken over and undone again is what the administrator does not want to descend from.
        var undone = AdoptionRecord.UndoneOf(adoptions).ToHashSet(StringComparer.Ordinal);
        var standing = received.Where(generation => generation.Run is not { } run || !undone.Contains(run.Id)).ToList();
        var given = standing.Select(generation => generation.Run).OfType<RunRecord>().ToList();
        var adopted = adoptions.Select(adoption => adoption.Id).ToHashSet(StringComparer.Ordinal);
        // Generations are numbered from 1 on. What this machine took over says nothing of when it became a peer.
        var hasForgotten = received is [{ Number: > 1 }, ..];
        return new RunMemory(
            [.. made.Concat(given).Select(run => run.Id), .. AdoptionRecord.RunsOf(adoptions)],
            [.. standing.Select(generation => generation.Digest).Where(digest => digest.Length > 0)],
            hasForgotten ? given.Where(run => !adopted.Contains(run.Id)).Min(run => run.Began) : null);
    }

    /// <summary>Why the state that a node holds must not be overwritten; null if it may be.</summary>
    /// <param name="last">The node's last generation of the paths that are pushed; null for none.</param>
    /// <param name="who">This primary and its user.</param>
    public Refusal? ObjectionTo(Generation? last, string who)
    {
        // A run of this machine may be missing here, because the run was killed before it could be recorded.
        if (last?.Run is not { } run || AreOfOneMachine(last.Who, who)) return null;
        return Ids.Contains(run.Id) || Digests.Contains(last.Digest) || run.Began < Since
            ? null
            : new Refusal.NeverHad(last.Who, last.Time, run.ShortId, run.Message);
    }

    /// <summary>Reads what this machine remembers. What cannot be read counts as not remembered.</summary>
    /// <param name="sudo">Where the user is not root, local commands run under sudo.</param>
    public static async Task<RunMemory> ReadAsync(SyncConfig config, bool sudo, string who, IRunLog log, CancellationToken cancellation)
    {
        var logged = await AttemptAsync(() => log.ReadAsync(cancellation), RunLogContent.None);
        var received = await AttemptAsync(() => ReceivedAsync(config, sudo, who, cancellation), []);
        return Of(logged.Runs.Select(run => run.Run), received, logged.Adoptions);
    }

    /// <summary>What this machine keeps as a peer, and of what it took over: its own generations, without their changes.</summary>
    /// <exception cref="PeerException">They cannot be read.</exception>
    public static async Task<ImmutableArray<Generation>> ReceivedAsync(SyncConfig config, bool sudo, string who, CancellationToken cancellation)
    {
        await using var session = PeerSession.Open(
            new LocalShell(), LocalShell.NeedsSudo(sudo), ConversationMode.History, who, PeerSettings.Of(config, reload: false), [], ExcludeRules.None);
        await session.ConnectAsync(cancellation);
        await session.BeginAsync(cancellation);
        var generations = await session.HistoryAsync(0, changes: 0, cancellation);
        await session.CloseAsync();
        return generations;
    }

    private static async Task<T> AttemptAsync<T>(Func<Task<T>> read, T none)
    {
        try
        {
            return await read();
        }
        catch (PeerException)
        {
            return none;
        }
    }

    /// <summary>Whether two runs were made by one machine, by whatever users.</summary>
    public static bool AreOfOneMachine(string who, string other) => MachineOf(who) == MachineOf(other);

    // USER@MACHINE, or USER@MACHINE (sudo by USER).
    private static string MachineOf(string who) => who.Split(' ')[0].Split('@')[^1];
}
