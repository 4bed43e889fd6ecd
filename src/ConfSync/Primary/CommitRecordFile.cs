using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Primary;

/// <summary>The decision that is written down on the primary, if there is one: only one at a time.</summary>
/// <param name="store">Where it is written.</param>
internal sealed class CommitRecordFile(ICommitRecordStore store)
{
    /// <exception cref="PrimaryException">There is one, and it cannot be read or is not to be trusted.</exception>
    public async Task<CommitRecord?> ReadAsync(CancellationToken cancellation)
    {
        var bytes = await PrimaryException.AttemptAsync(PrimaryStep.ReadCommitRecord, () => store.ReadAsync(cancellation));
        try
        {
            return bytes is { } text ? CommitRecordText.Parse(text) : null;
        }
        catch (FormatException exception)
        {
            throw new PrimaryException(PrimaryStep.ReadCommitRecord, new PrimaryFault.CommitRecordDamaged(CommitRecordShell.Path, exception.Message));
        }
    }

    /// <exception cref="PeerException">It could not be written, or there is one already.</exception>
    public Task WriteAsync(CommitRecord decision) => store.WriteAsync(CommitRecordText.Format(decision), replaces: false);

    /// <exception cref="PeerException">It could not be removed.</exception>
    public Task RemoveAsync(CommitRecord decision) => store.RemoveAsync(decision.Id);

    /// <summary>Keeps what is left to do: nothing, or the nodes that are not settled.</summary>
    /// <param name="unsettled">The nodes for which it could not be carried out.</param>
    /// <returns>What keeps the record from being brought up to date, without harm: it would only be finished once
    /// more; null where nothing does.</returns>
    public async Task<string?> KeepAsync(CommitRecord decision, IReadOnlySet<Node> unsettled)
    {
        var left = decision with { Nodes = [.. decision.Nodes.Where(node => unsettled.Contains(node.Node))] };
        try
        {
            if (left.Nodes.IsEmpty) await RemoveAsync(decision);
            else if (left.Nodes.Length < decision.Nodes.Length) await store.WriteAsync(CommitRecordText.Format(left), replaces: true);
            return null;
        }
        catch (PeerException exception)
        {
            return exception.Message;
        }
    }
}
