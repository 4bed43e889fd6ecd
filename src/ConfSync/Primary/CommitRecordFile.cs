using ConfSync.Inventory;
using ConfSync.Protocol;

namespace ConfSync.Primary;

/// <summary>The commit record on the primary. There is at most one.</summary>
/// <param name="store">Where the record is stored.</param>
internal sealed class CommitRecordFile(ICommitRecordStore store)
{
    /// <returns>The commit record; null for none.</returns>
    /// <exception cref="PrimaryException">There is a record, and it cannot be read or other users may have written
    /// it.</exception>
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

    /// <exception cref="PeerException">The record could not be written, or another one is there.</exception>
    public Task WriteAsync(CommitRecord decision) => store.WriteAsync(CommitRecordText.Format(decision), replaces: false);

    /// <exception cref="PeerException">The record could not be removed.</exception>
    public Task RemoveAsync(CommitRecord decision) => store.RemoveAsync(decision.Id);

    /// <summary>Reduces the record to the nodes that are still in doubt, or removes it if there are none.</summary>
    /// <param name="unsettled">The nodes that are still in doubt.</param>
    /// <returns>Why the record could not be changed; null if it was. An outdated record does no harm: a later run only
    /// finishes the push once more.</returns>
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
