using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ConfSync.Changes;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Trees;

namespace ConfSync.Tests.Primary;

/// <summary>What is recorded of a push to all nodes or none, and what it makes of a node that changed since.</summary>
public sealed class CommitRecordTests
{
    private static readonly Entry Top = SampleTrees.Directory("/etc/t");
    private static readonly Entry Etc = SampleTrees.Directory("/etc");

    [Test]
    public void It_is_what_the_documentation_says()
    {
        var file = File("/etc/t/a b", "content");
        var decision = Decided([new Change(null, file)]) with { Exclude = ["*.bak"] };
        var text = Encoding.ASCII.GetString(Bytes(decision with { Nodes = [decision.Nodes[0] with { Ancestors = [Etc] }] }));

        Assert.That(text.Split('\n')[..^2], Is.EqualTo(new[]
        {
            "nginx-sync-decision 2",
            "id 0123456789abcdef",
            "time 1700000000",
            "who root@primary",
            "config /etc/nginx-sync.conf",
            "reload yes",
            "path /etc/t",
            "exclude %2A.bak",
            "node deploy@web1:2222",
            "above /etc - d:755:root:0:root:0:0:0:",
            $"change /etc/t/a%20b - f:644:root:0:root:0:7:0:{file.Digest}",
            $"content {file.Digest} 7",
            "content",
        }));
        Assert.That(text.Split('\n')[^2], Does.Match("^end [0-9a-f]{64}$"));
    }

    /// <summary>A primary that was updated meanwhile finishes what it decided before.</summary>
    [Test]
    public void One_of_version_1_is_read_as_the_same_for_each_node()
    {
        var file = File("/etc/t/a", "content");
        var change = $"change /etc/t/a - f:644:root:0:root:0:7:0:{file.Digest}\n";
        var head =
            "nginx-sync-decision 1\nid 0123456789abcdef\ntime 1700000000\nwho root@primary\nconfig /etc/nginx-sync.conf\n" +
            $"digest {new string('0', 64)}\nreload yes\npath /etc/t\nabove /etc - d:755:root:0:root:0:0:0:\n" +
            $"node web1\n{change}node web2\n{change}content {file.Digest} 7\ncontent\n";
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(head)));

        var read = CommitRecordText.Parse(Encoding.ASCII.GetBytes($"{head}end {digest}\n"));

        Assert.That(read.Nodes.Select(node => node.Node.Name), Is.EqualTo(["web1", "web2"]));
        foreach (var node in read.Nodes)
        {
            Assert.That(node.Ancestors, Is.EqualTo([Etc]));
            Assert.That(node.Changes, Is.EqualTo([new Change(null, file)]));
        }
    }

    /// <summary>The name of a node of an inventory does not say where it is.</summary>
    [Test]
    public void A_node_whose_name_is_not_its_address_is_read_as_it_was()
    {
        var decision = Decided([new Change(null, File("/etc/t/a", "x"))]);
        var node = new Node("web1", SampleNodes.Of("deploy@[2001:db8::1]:2222").Address);

        var read = CommitRecordText.Parse(Bytes(decision with { Nodes = [decision.Nodes[0] with { Node = node }] }));

        Assert.That(read.Nodes.Single().Node, Is.EqualTo(node).And.Property("Name").EqualTo("web1"));
    }

    /// <summary>Nodes that are finished by a later run record what the user said of the first one.</summary>
    [Test]
    public void The_run_is_read_as_it_was_and_must_be_that_of_the_decision()
    {
        var run = new RunRecord("0123456789abcdef", "1.0", "two words\u00fc", "abc dirty");
        var decision = Decided([new Change(null, File("/etc/t/a", "x"))]) with { Run = run };

        Assert.That(CommitRecordText.Parse(Bytes(decision)).Run, Is.EqualTo(run));
        Assert.That(CommitRecordText.Parse(Bytes(decision with { Run = null })).Run, Is.Null);
        Assert.That(() => CommitRecordText.Parse(Bytes(decision with { Run = run with { Id = "fedcba9876543210" } })), Refused("its run is another"));
    }

    [Test]
    public void One_of_a_later_version_is_refused() => Assert.That(
        () => CommitRecordText.Parse("nginx-sync-decision 3\n"u8.ToArray()), Refused("of a version that this nginx-sync does not know"));

    [FsCheck.NUnit.Property(MaxTest = 200)]
    public void Any_decision_is_read_as_it_was_written(Put[] before, Put[] after)
    {
        var decision = Decided(Between(before, after));

        var read = CommitRecordText.Parse(Bytes(decision));

        Assert.That(read.Nodes.SelectMany(node => node.Changes), Is.EqualTo(decision.Nodes.SelectMany(node => node.Changes)));
        Assert.That(Bytes(read), Is.EqualTo(Bytes(decision)));
    }

    /// <summary>Whatever becomes of the file, it is refused or it is the same decision; nothing else comes of it.</summary>
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void What_is_damaged_is_refused(ushort place, byte value, bool cut)
    {
        var bytes = Bytes(Decided([new Change(null, File("/etc/t/a", "x\ny")), new Change(SampleTrees.File("/etc/t/b"), null)]));
        var at = place % bytes.Length;
        var damaged = cut ? bytes[..at] : [.. bytes];
        if (!cut) damaged[at] = value;
        if (damaged.SequenceEqual(bytes)) return;

        Assert.That(() => CommitRecordText.Parse(damaged), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void What_is_not_to_be_there_is_refused()
    {
        var file = File("/etc/t/a", "x");
        Assert.That(() => Read(Decided([new Change(null, file)]) with { ConfPaths = ["/etc/other"] }), Refused("in none of its paths"));
        Assert.That(() => Read(Decided([new Change(null, file)]) with { ConfPaths = ["/etc"] }), Refused("too high up"));
        Assert.That(() => Read(Decided([new Change(null, file), new Change(file, null)])), Refused("twice"));
        Assert.That(
            () => Read(Decided([new Change(null, file)]) with { Contents = ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty }),
            Refused("the content of /etc/t/a is missing"));
        Assert.That(
            () => Read(Decided([]) with { Nodes = [new DecidedNode(new Node("-oProxyCommand=x", new NodeAddress(null, "", null)), [], [])] }),
            Refused("option"));
    }

    /// <summary>A node that undid it gets just what was decided, and one that holds it nothing.</summary>
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void It_makes_the_decided_state_of_the_old_one_and_of_itself(Put[] before, Put[] after)
    {
        var changes = Between(before, after);
        var (old, wanted) = (Tree(before), Tree(after));
        var decision = Decided(changes);

        // Not "equal": an account of one name may have another number on each machine.
        Assert.That(ChangeSet.Between(wanted, SampleTrees.Of([.. On(decision, old)]), Snapshot.Empty).Changes, Is.Empty);
        Assert.That(On(decision, wanted), Is.EqualTo(wanted.Entries));
    }

    [Test]
    public void What_somebody_did_since_stays_unless_it_is_in_the_way()
    {
        var directory = SampleTrees.Directory("/etc/t/d");
        var decision = Decided([new Change(directory, null), new Change(null, File("/etc/t/new", "n"))]);

        var desired = On(decision, SampleTrees.Of(Top, directory, SampleTrees.File("/etc/t/d/since", "s"), SampleTrees.File("/etc/t/since", "s")));

        Assert.That(desired.Select(entry => entry.Path), Is.EqualTo(["/etc/t", "/etc/t/new", "/etc/t/since"]));
    }

    [Test]
    public void A_directory_that_is_gone_since_is_a_conflict()
    {
        var decision = Decided([new Change(null, File("/etc/t/d/new", "n"))]);

        Assert.That(
            () => On(decision, SampleTrees.Of(Top)),
            Throws.InstanceOf<RefusedException>().With.Property("Refusal").EqualTo(new Refusal.ParentGone("/etc/t/d/new", "/etc/t/d")));
    }

    private static NUnit.Framework.Constraints.ContainsConstraint Refused(string why) =>
        Throws.InstanceOf<FormatException>().With.Message.Contains(why);

    private static CommitRecord Read(CommitRecord decision) => CommitRecordText.Parse(Bytes(decision));

    private static ImmutableArray<Entry> On(CommitRecord decision, Snapshot kept)
    {
        using var desired = decision.DesiredOn(decision.Nodes[0], kept);
        return desired.Snapshot.Entries;
    }

    private static byte[] Bytes(CommitRecord decision) =>
        [.. CommitRecordText.Format(decision).SelectMany(part => part.ToArray())];

    private static CommitRecord Decided(IReadOnlyCollection<Change> changes)
    {
        Assert.That(Node.TryParse("deploy@web1:2222", out var node, out _), Is.True);
        var contents = changes.Select(change => change.After).OfType<Entry>().Where(entry => entry.Kind == EntryKind.File)
            .DistinctBy(entry => entry.Digest)
            .ToImmutableDictionary(entry => entry.Digest!, entry => (ReadOnlyMemory<byte>)Known[entry.Digest!]);
        return new CommitRecord(
            "0123456789abcdef", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "root@primary", "/etc/nginx-sync.conf",
            true, ["/etc/t"], [], [new DecidedNode(node!, [], [.. changes])], contents);
    }

    private static ImmutableArray<Change> Between(Put[] before, Put[] after) =>
        ChangeSet.Between(Tree(after), Tree(before), Snapshot.Empty).Changes;

    // As on a real disk, a file's digest is that of its bytes.
    private static Snapshot Tree(Put[] puts) => new(SampleTrees.From("/etc/t", puts).Values.Select(
        entry => entry.Kind == EntryKind.File ? entry with { Digest = Known.First(pair => pair.Value.Length == entry.Size).Key } : entry));

    private static readonly Dictionary<string, byte[]> Known = new[] { "", "c", "cc", "x", "n", "x\ny", "content" }
        .Select(Encoding.ASCII.GetBytes).ToDictionary(bytes => Convert.ToHexStringLower(SHA256.HashData(bytes)));

    private static Entry File(string path, string content) =>
        SampleTrees.File(path, content) with { Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content))) };
}
