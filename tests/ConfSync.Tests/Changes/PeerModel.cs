using ConfSync.Changes;
using ConfSync.Trees;

namespace ConfSync.Tests.Changes;

/// <summary>A peer's file system in memory, on which a StagingPlan is carried out as the peer would do it.</summary>
internal sealed class PeerModel(IEnumerable<Entry> entries, IEnumerable<string> untouchable)
{
    private readonly Dictionary<string, Entry> live = entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
    private readonly HashSet<string> untouchable = untouchable.ToHashSet(StringComparer.Ordinal);

    // What was done, as what undoes it.
    private readonly Stack<Action> undo = new();

    public Snapshot Snapshot => new(live.Values);

    public void Activate(StagingPlan plan)
    {
        // All is staged before the first rename.
        var staged = plan.Directories.ToDictionary(directory => directory, Stage);

        foreach (var directory in plan.Directories) MoveIn(directory, directory.Created, staged[directory]);
        foreach (var directory in plan.Directories)
        {
            foreach (var name in directory.Replaced)
            {
                Assert.That(live[At(directory, name)].Kind, Is.Not.EqualTo(EntryKind.Directory), "renamed over");
                Assert.That(staged[directory][At(directory, name)].Kind, Is.Not.EqualTo(EntryKind.Directory));
            }
            MoveAway(directory, directory.Replaced);
            MoveIn(directory, directory.Replaced, staged[directory]);
        }
        foreach (var directory in plan.Directories)
        {
            MoveAway(directory, directory.KindChanged);
            MoveIn(directory, directory.KindChanged, staged[directory]);
        }
        foreach (var change in plan.Attributes)
        {
            var before = live[change.Path];
            Assert.That(before, Is.EqualTo(change.Before));
            live[change.Path] = change.After!;
            undo.Push(() => live[change.Path] = before);
        }
        foreach (var directory in plan.Directories) MoveAway(directory, directory.Deleted);
        Assert.That(staged.Values.Sum(entries => entries.Count), Is.Zero, "all that was staged is used");
    }

    public void Undo()
    {
        while (undo.TryPop(out var step)) step();
    }

    private Dictionary<string, Entry> Stage(StagedDirectory directory)
    {
        var staged = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var member in directory.Members)
        {
            Assert.That(At(directory, member.Name), Is.EqualTo(member.Entry.Path));
            var slash = member.Name.LastIndexOf('/');
            if (slash >= 0)
            {
                var parent = staged[At(directory, member.Name[..slash])];
                Assert.That(parent.Kind, Is.EqualTo(EntryKind.Directory), "a staged member's directory is staged first");
            }
            var entry = member.Entry;
            if (member.IsCopied) entry = entry with { Digest = live[entry.Path].Digest, Size = live[entry.Path].Size };
            staged.Add(entry.Path, entry);
        }
        return staged;
    }

    private void MoveIn(StagedDirectory directory, IEnumerable<string> names, Dictionary<string, Entry> staged)
    {
        Assert.That(directory.Path == "/" || live[directory.Path].Kind == EntryKind.Directory);
        foreach (var path in names.Select(name => At(directory, name)))
        {
            var entries = Subtree(staged, path);
            Assert.That(entries, Is.Not.Empty);
            foreach (var entry in entries)
            {
                live.Add(entry.Path, entry);
                staged.Remove(entry.Path);
            }
            undo.Push(() => entries.ForEach(entry => Assert.That(live.Remove(entry.Path))));
        }
    }

    private void MoveAway(StagedDirectory directory, IEnumerable<string> names)
    {
        foreach (var path in names.Select(name => At(directory, name)))
        {
            var entries = Subtree(live, path);
            Assert.That(entries, Is.Not.Empty);
            foreach (var entry in entries)
            {
                Assert.That(untouchable, Does.Not.Contain(entry.Path));
                live.Remove(entry.Path);
            }
            undo.Push(() => entries.ForEach(entry => live.Add(entry.Path, entry)));
        }
    }

    private static List<Entry> Subtree(Dictionary<string, Entry> tree, string path) =>
        [.. tree.Values.Where(entry => IsAtOrBeneath(entry.Path, path))];

    public static bool IsAtOrBeneath(string path, string top) =>
        path == top || path.StartsWith(top + "/", StringComparison.Ordinal);

    private static string At(StagedDirectory directory, string name) =>
        directory.Path == "/" ? "/" + name : $"{directory.Path}/{name}";
}
