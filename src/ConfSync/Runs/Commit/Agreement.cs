using System.Collections.Immutable;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>What lets the nodes of one run keep what they activated: all together, or each for itself; and the record of
/// it on the primary.</summary>
internal sealed class Agreement
{
    private readonly PushRequest request;
    private readonly DecisionRecord record;
    private readonly Action<RunEvent> say;
    private readonly Ballot? ballot;

    public Agreement(
        PushRequest request, DecisionRecord record, Func<NodeAddress, ITransport> transportTo, Logins logins,
        Action<RunEvent> say, Timeline timeline, CancellationToken interruption)
    {
        (this.request, this.record, this.say) = (request, record, say);
        if (request is { Rollout.AllOrNone: true, DryRun: false })
        {
            Consent = ballot = new Ballot(request.Nodes, RecordAsync, BringOnAsync, interruption);
        }
        else
        {
            Consent = request.Supersedes is null ? NoConsent.Needed : new NoConsent(DropSupersededAsync);
        }

        Task<NodeReport> BringOnAsync(Decision decision, DecidedNode node, NodeReport.Failed failed, CancellationToken cancellation) =>
            new DecidedPush(request, transportTo, decision, logins, say, timeline).ResumeAsync(node, failed, cancellation);
    }

    public IConsent Consent { get; }

    public void Interrupt() => ballot?.Interrupt();

    /// <summary>Every node has ended: what is recorded is what is left to do.</summary>
    public async Task EndAsync(IReadOnlyList<NodeReport> reports)
    {
        if (ballot?.Decision is { } decision && await record.KeepAsync(decision, NodeReport.UnsettledOf(reports)) is { } problem)
        {
            say(new RunEvent.RecordNotUpdated(problem));
        }
    }

    private async Task<Decision> RecordAsync(IReadOnlyList<VerifiedNode> nodes)
    {
        var contents = ImmutableDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (var file in DecisionText.FilesOf(node.Changes)) contents[file.Digest!] = node.Desired.Contents.Of(file);
        }
        var config = request.Config;
        var decision = new Decision(
            request.Run?.Id ?? RandomName.Of(8), DateTimeOffset.Now, request.Who, Path.GetFullPath(config.Path), request.Reload, config.ConfPaths,
            config.Exclude, [.. nodes.Select(Decided)], contents.ToImmutable());
        try
        {
            await record.WriteAsync(decision);
        }
        catch (PeerException)
        {
            // It may have been written before the answer was lost; all nodes are about to undo it.
            await record.RemoveAsync(decision);
            throw;
        }
        return decision;
    }

    private static DecidedNode Decided(VerifiedNode node) =>
        new(node.Node, [.. node.Desired.Above.Where(entry => entry.Path != "/")], node.Changes);

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
