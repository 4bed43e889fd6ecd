using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>Decides in one run whether the nodes keep what they activated, all together or each for itself, and writes the
/// commit record on the primary.</summary>
internal sealed class RunCommit
{
    private readonly PushRequest request;
    private readonly CommitRecordFile record;
    private readonly Action<RunEvent> say;
    private readonly CommitCoordinator? coordinator;

    public RunCommit(
        PushRequest request, CommitRecordFile record, Func<Node, ITransport> transportTo, Logins logins,
        Action<RunEvent> say, Timeline timeline, CancellationToken interruption)
    {
        (this.request, this.record, this.say) = (request, record, say);
        if (request is { Rollout.AllOrNone: true, DryRun: false })
        {
            Coordinator = coordinator = new CommitCoordinator(request.Nodes, RecordAsync, FinishAsync, interruption);
        }
        else
        {
            Coordinator = request.Supersedes is null ? IndependentCommits.Always : new IndependentCommits(DropSupersededAsync);
        }

        Task<NodeReport> FinishAsync(CommitRecord decision, DecidedNode node, NodeReport.Failed failed, CancellationToken cancellation) =>
            new DecidedPush(request, transportTo, decision, logins, say, timeline).ResumeAsync(node, failed, cancellation);
    }

    public ICommitCoordinator Coordinator { get; }

    public void Interrupt() => coordinator?.Interrupt();

    /// <summary>Brings the commit record up to date once every node has ended: it then names the nodes that are still in
    /// doubt, or is removed.</summary>
    public async Task EndAsync(IReadOnlyList<NodeReport> reports)
    {
        if (coordinator?.Record is { } decision && await record.KeepAsync(decision, NodeReport.InDoubtOf(reports)) is { } problem)
        {
            say(new RunEvent.RecordNotUpdated(problem));
        }
    }

    private async Task<CommitRecord> RecordAsync(IReadOnlyList<VerifiedNode> nodes)
    {
        var contents = ImmutableDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (var file in CommitRecordText.FilesOf(node.Changes)) contents[file.Digest!] = node.Desired.Contents.Of(file);
        }
        var config = request.Config;
        var decision = new CommitRecord(
            request.Run?.Id ?? RandomName.Of(8), DateTimeOffset.Now, request.Who, Path.GetFullPath(config.Path), request.Reload, config.ConfPaths,
            config.Exclude, [.. nodes.Select(Decided)], contents.ToImmutable())
        {
            Run = nodes[0].Desired.Run ?? request.Run,
        };
        try
        {
            await record.WriteAsync(decision);
        }
        catch (PeerException)
        {
            // The commit record may have been written before the answer was lost. All nodes undo now, so it must not stay.
            await record.RemoveAsync(decision);
            throw;
        }
        return decision;
    }

    private static DecidedNode Decided(VerifiedNode node) =>
        new(node.Node, [.. node.Desired.Ancestors.Where(entry => entry.Path != "/")], node.Changes);

    private async Task<UndoReason?> DropSupersededAsync()
    {
        try
        {
            await record.RemoveAsync(request.Supersedes!);
            return null;
        }
        catch (PeerException exception)
        {
            return new UndoReason.EarlierNotRemoved(exception.Message);
        }
    }
}
