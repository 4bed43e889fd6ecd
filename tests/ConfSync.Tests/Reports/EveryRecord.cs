using System.Collections.Immutable;
using System.Reflection;
using ConfSync.Changes;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Protocol;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Tests.Reports;

/// <summary>One value of each record of a closed hierarchy, so that none can be added without its sentence.</summary>
internal static class EveryRecord
{
    public static Node Node { get; } = Node.TryParse("web1", out var node, out _) ? node : throw new InvalidOperationException();

    /// <summary>One of each kind.</summary>
    public static ImmutableArray<Change> Changes { get; } =
    [
        new(null, SampleTrees.File("/etc/nginx/new", "a")), new(SampleTrees.File("/etc/nginx/old", "a"), null),
        new(SampleTrees.File("/etc/nginx/both", "a"), SampleTrees.Link("/etc/nginx/both", "new")),
        new(SampleTrees.Directory("/etc/nginx/d"), SampleTrees.Directory("/etc/nginx/d") with { Mode = 0x1C0 }),
    ];

    public static AddressHolders Astray { get; } = new("VI_1", System.Net.IPAddress.Parse("192.0.2.100"), [new MachineName(Node, "one"), new MachineName(null, null)]);

    /// <typeparam name="T">The abstract record that the others are nested in.</typeparam>
    public static IReadOnlyList<T> Of<T>() => [.. Values(typeof(T)).Cast<T>()];

    private static IEnumerable<object> Values(Type closed) =>
        from type in closed.GetNestedTypes(BindingFlags.Public)
        where !type.IsAbstract && type.IsAssignableTo(closed)
        let constructor = type.GetConstructors().Single()
        select constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType))]);

    private static object? Value(Type type) => type switch
    {
        _ when type == typeof(string) => "words",
        _ when type == typeof(int) || type == typeof(int?) => 7,
        _ when type == typeof(uint?) || type == typeof(uint) => 7u,
        _ when type == typeof(DoctorCheck) => DoctorCheck.Clock,
        _ when type == typeof(TimeSpan) => TimeSpan.FromDays(7),
        _ when type == typeof(DiskRoom) => new DiskRoom("/etc/nginx", "/etc", true, 7L << 20, 7, "/"),
        _ when type == typeof(OpenFiles) => new OpenFiles(7, 8),
        _ when type == typeof(NamedPattern) => new NamedPattern("EXCLUDE", "words"),
        _ when type == typeof(DateTimeOffset) => DateTimeOffset.UnixEpoch,
        _ when type == typeof(ImmutableArray<Change>) => Changes,
        _ when type == typeof(NodeTest) => new NodeTest("words", "words"),
        _ when type == typeof(ReloadOutcome) || type == typeof(ReloadOutcome?) => ReloadOutcome.NotRunning,
        _ when type == typeof(UndoReason) => new UndoReason.NodeFailed(Node),
        _ when type == typeof(NodeReport) => new NodeReport.LeftAlone(Node),
        _ when type == typeof(IReadOnlyList<NodeReport>) => Of<NodeReport>(),
        _ when type == typeof(ImmutableArray<Node>) => ImmutableArray.Create(Node),
        _ when type == typeof(PushStep) => PushStep.HealthCheck,
        _ when type == typeof(UnfinishedPush) => new UnfinishedPush(DateTimeOffset.UnixEpoch, "root@primary", "/etc/other.conf", [Node]),
        _ when type == typeof(PrimaryTest) => new PrimaryTest("words", new TestedNginx(7, "/usr/sbin/nginx", "/etc/nginx/nginx.conf"), OutsideFiles.None),
        _ when type == typeof(PrimaryProblem) => new PrimaryProblem(PrimaryStep.PostSync, new PrimaryFault.Said("words")),
        _ when type == typeof(LockProblem) => new LockProblem.Held("/run/lock", 7, new LockHolder(7, 8, "vi")),
        _ when type == typeof(LockHolder) => new LockHolder(7, 8, "vi"),
        _ when type == typeof(ImmutableArray<ConfigurationProblem>) => ImmutableArray.Create(new ConfigurationProblem("/etc/x.conf", 7, "words")),
        _ when type == typeof(ImmutableArray<NamedPattern>) => ImmutableArray.Create(new NamedPattern("EXCLUDE", "words")),
        _ when type == typeof(bool) => true,
        _ when type == typeof(Node) => Node,
        _ when type == typeof(long) => 7L << 30,
        _ when type == typeof(DateTimeOffset?) => DateTimeOffset.UnixEpoch,
        _ when type == typeof(NodeFailure) => new NodeFailure(PushStep.Confirm, PeerFailure.Lost, "words", PeerState.Unknown, ""),
        _ when type == typeof(ExcessDeletions) =>
            new ExcessDeletions("/etc/nginx", 12, ["/etc/nginx/a", "/etc/nginx/b"], 2, null),
        _ when type == typeof(Refusal) => new Refusal.InterruptedBefore(),
        _ when type == typeof(ImmutableArray<Entry>) => ImmutableArray.Create(SampleTrees.Directory("/etc/nginx/d")),
        _ when type == typeof(ImmutableArray<Conflict>) =>
            ImmutableArray.Create(new Conflict("/etc/nginx/c", ConflictKind.Excluded, SampleTrees.File("/etc/nginx/c/d"))),
        _ when type == typeof(ImmutableArray<GenerationOnNode>) => Of<GenerationOnNode>().ToImmutableArray(),
        _ when type == typeof(ImmutableArray<RunOnNode>) => ImmutableArray.Create(new RunOnNode(Node, 7, "3f2a91c"), new RunOnNode(Node, 8, null)),
        _ when type == typeof(ImmutableArray<LeftToRollBack>) => ImmutableArray.Create(new LeftToRollBack(Node, 7)),
        _ when type == typeof(ImmutableArray<FileProblem>) => Of<FileProblem>().ToImmutableArray(),
        _ when type == typeof(ImmutableArray<PostSyncProblem>) => ImmutableArray.Create(
            new PostSyncProblem(new PostSyncRule("/etc/nginx/p", "s/a/b/"), IsThere: false),
            new PostSyncProblem(new PostSyncRule("/etc/nginx/q", "s/a/b/"), IsThere: true)),
        _ when type == typeof(ImmutableArray<NodeRole>) => ImmutableArray.Create(new NodeRole(Node, 0), new NodeRole(Node, 2), new NodeRole(Node, null)),
        _ when type == typeof(ImmutableArray<AddressHolders>) => ImmutableArray.Create(Astray),
        _ when type == typeof(ImmutableArray<string>) => ImmutableArray.Create("/etc/nginx/a", "/etc/nginx/b"),
        _ => throw new InvalidOperationException($"a value of {type} is missing here"),
    };
}
