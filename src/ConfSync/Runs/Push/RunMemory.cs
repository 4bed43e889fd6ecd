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
    public static RunMemory Of(IEnumerable<RunRecord> made, IReadOnlyList<Generation> received)
    {
        var given = received.Select(generation => generation.Run).OfType<RunRecord>().ToList();
        // Generations are numbered from 1 on.
        var hasForgotten = received is [{ Number: > 1 }, ..];
        return new RunMemory(
            [.. made.Concat(given).Select(run => run.Id)],
            [.. received.Select(generation => generation.Digest).Where(digest => digest.Length > 0)],
            hasForgotten ? given.Min(run => run.Began) : null);
    }

    /// <summary>Why the state that a node holds must not be overwritten; null if it may be.</summary>
    /// <param name="last">The node's last generation of the paths that are pushed; null for none.</param>
    /// <param name="who">This primary and its user.</param>
    public Refusal? ObjectionTo(Generation? last, string who)
    {
        // A run of this machine may be missing here, because the run was killed before it could be recorded.
        if (last?.Run is not { } run || MachineOf(last.Who) == MachineOf(who)) return null;
        return Ids.Contains(run.Id) || Digests.Contains(last.Digest) || run.Began < Since
            ? null
            : new Refusal.NeverHad(last.Who, last.Time, run.ShortId, run.Message);
    }

    /// <summary>Reads what this machine remembers. What cannot be read counts as not remembered.</summary>
    /// <param name="sudo">Where the user is not root, local commands run under sudo.</param>
    public static async Task<RunMemory> ReadAsync(SyncConfig config, bool sudo, string who, IRunLog log, CancellationToken cancellation)
    {
        var made = await AttemptAsync<RunRecord>(async () => [.. (await log.ReadAsync(cancellation)).Select(run => run.Run)]);
        var received = await AttemptAsync(async () =>
        {
            await using var session = PeerSession.Open(
                new LocalShell(), LocalShell.NeedsSudo(sudo), ConversationMode.History, who, PeerSettings.Of(config, reload: false), [], ExcludeRules.None);
            await session.ConnectAsync(cancellation);
            await session.BeginAsync(cancellation);
            var generations = await session.HistoryAsync(0, changes: 0, cancellation);
            await session.CloseAsync();
            return generations;
        });
        return Of(made, received);
    }

    private static async Task<ImmutableArray<T>> AttemptAsync<T>(Func<Task<ImmutableArray<T>>> read)
    {
        try
        {
            return await read();
        }
        catch (PeerException)
        {
            return [];
        }
    }

    // USER@MACHINE, or USER@MACHINE (sudo by USER).
    private static string MachineOf(string who) => who.Split(' ')[0].Split('@')[^1];
}
