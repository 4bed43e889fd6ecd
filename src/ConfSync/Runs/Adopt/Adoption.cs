using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>What is asked for: a node's configuration is to become that of this machine.</summary>
/// <param name="Sudo">Where a user is not root, commands run under sudo, here and on the node.</param>
/// <param name="Who">This machine and its user.</param>
public sealed record AdoptRequest(SyncConfig Config, Node Node, bool Sudo, string Who)
{
    /// <summary>This machine, as the reports name it. What it takes over is a push to it alone.</summary>
    public static Node Here { get; } = new("this machine", new NodeAddress(null, "localhost", null));
}

/// <summary>What a look at the node found. One of the records in here.</summary>
internal abstract record AdoptLook
{
    private AdoptLook()
    {
    }

    /// <summary>The node could not be looked at.</summary>
    public sealed record Failed(LookFailure.Said Why) : AdoptLook;

    /// <summary>This program refuses to take over from that node.</summary>
    public sealed record Refused(Refusal Why) : AdoptLook;

    /// <summary>The primary makes these paths for the node, and the node holds something else there.</summary>
    public sealed record Made(ImmutableArray<MadePath> Paths) : AdoptLook;

    public sealed record Found(Adoption Adoption) : AdoptLook;
}

/// <summary>What may be taken over from a node, with all contents, so that neither side is asked again.</summary>
/// <param name="Here">What this machine held at that moment, without what EXCLUDE takes out.</param>
/// <param name="Desired">What it is to hold, likewise.</param>
/// <param name="Ancestors">The directories above CONFPATHS as they are on the node, to make one that is missing here.</param>
/// <param name="Contents">By digest, each content that is not here.</param>
internal sealed record Adoption(
    Snapshot Here, Snapshot Desired, IReadOnlyList<Entry> Ancestors, ImmutableDictionary<string, ReadOnlyMemory<byte>> Contents)
{
    /// <summary>The last push or roll-back on the node; null where it keeps none.</summary>
    public Generation? Last { get; init; }

    /// <summary>This machine has never had what <see cref="Last"/> left.</summary>
    public bool IsNew { get; init; }

    /// <summary>The node holds something else than <see cref="Last"/> left.</summary>
    public bool IsEditedThere { get; init; }

    /// <summary>What was edited here since this machine pushed to the node, or was given what is there, and is taken away.</summary>
    public HandEdits Edits { get; init; } = HandEdits.None;

    /// <summary>The IDs of the runs that this machine has had once it holds <see cref="Desired"/>.</summary>
    public ImmutableArray<string> Runs { get; init; } = [];

    /// <summary>Runs of another configuration whose paths are only in part those of this one, so that this machine does not get all
    /// that they left; shortened.</summary>
    public ImmutableArray<string> Partial { get; init; } = [];

    /// <summary>What this machine ought to hold, as a push to it takes it.</summary>
    public DesiredState DesiredState(string scope, RunRecord? run) =>
        new(Desired, Ancestors, SnapshotDigest.Of(Desired, scope), new TakenContents(Contents)) { Run = run };

    private sealed class TakenContents(ImmutableDictionary<string, ReadOnlyMemory<byte>> contents) : IContents
    {
        public Task LoadAsync(IEnumerable<Entry> files, CancellationToken cancellation) => Task.CompletedTask;

        public ReadOnlyMemory<byte> Of(Entry file) => contents[file.Digest!];

        public void Dispose()
        {
        }
    }
}
