using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>Checks that a peer's staging directories hold what was sent. It compares what the file system really holds, so
/// it finds a name that is folded, a mode that is not stored and an owner that is mapped.</summary>
internal static class Arrival
{
    /// <param name="id">The ID of the transaction, which names its staging directories.</param>
    /// <param name="block">The scan of all that is in them.</param>
    /// <exception cref="PeerException">An entry is missing, or is not as it was sent.</exception>
    public static void Ensure(StagingPlan plan, string id, ScanBlock block)
    {
        if (block.Problem is { } problem) throw new PeerException(PeerFailure.Stage, problem, PeerState.Untouched);
        var staged = block.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        foreach (var directory in plan.Directories)
        {
            var root = $"{directory.Path.TrimEnd('/')}/.nginx-sync.{id}/new";
            foreach (var member in directory.Members)
            {
                var arrived = staged.GetValueOrDefault($"{root}/{member.Name}");
                if (DifferenceOf(arrived, member.Entry) is { } difference)
                {
                    throw new PeerException(
                        PeerFailure.Stage, $"{PosixText.Printable(member.Entry.Path)} did not arrive as it is to be: {difference}",
                        PeerState.Untouched);
                }
            }
        }
    }

    private static string? DifferenceOf(Entry? arrived, Entry sent) => arrived switch
    {
        null => "it is not there",
        _ when !arrived.HasContentOf(sent) => "other content",
        _ when !arrived.HasAttributesOf(sent) => "mode, owner and group are " +
            $"{Attributes(arrived)} instead of {Attributes(sent)}; may this login set them?",
        _ => null,
    };

    private static string Attributes(Entry entry) =>
        $"{Convert.ToString(entry.Mode, 8)} {PosixText.Printable($"{entry.Owner} {entry.Group}")}";
}
