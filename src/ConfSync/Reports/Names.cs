using System.Collections.Immutable;
using ConfSync.Changes;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>The words by which programs know things: in JSON, as Prometheus labels, as classes of the page. They never
/// change within a version.</summary>
internal static class Names
{
    public static string Of(NginxState state) => state switch
    {
        NginxState.Current => "current",
        NginxState.ProbablyCurrent => "probably-current",
        NginxState.Pending => "pending",
        NginxState.ProbablyPending => "probably-pending",
        NginxState.NotRunning => "not-running",
        _ => "unknown",
    };

    public static string Of(EntryState state) => state switch
    {
        EntryState.OnlyLocal => "only-local",
        EntryState.OnlyRemote => "only-remote",
        _ => "differs",
    };

    public static string Of(EntryKind kind) => kind switch
    {
        EntryKind.File => "file",
        EntryKind.Directory => "directory",
        EntryKind.Link => "link",
        _ => "special",
    };

    public static string Of(ContentDiffKind kind) => kind switch
    {
        ContentDiffKind.Text => "text",
        ContentDiffKind.Binary => "binary",
        ContentDiffKind.NotUtf8 => "not-utf8",
        ContentDiffKind.TooLarge => "too-large",
        ContentDiffKind.Changed => "changed",
        _ => "secret",
    };

    public static string Of(DiffLineKind kind) => kind switch
    {
        DiffLineKind.Removed => "removed",
        DiffLineKind.Added => "added",
        _ => "context",
    };

    public static ImmutableArray<string> Of(Differences differences) =>
    [
        .. new (Differences Flag, string Name)[]
        {
            (Differences.Kind, "kind"), (Differences.Content, "content"), (Differences.Target, "target"),
            (Differences.Mode, "mode"), (Differences.Owner, "owner"), (Differences.Group, "group"),
        }.Where(pair => (differences & pair.Flag) != 0).Select(pair => pair.Name),
    ];
}
