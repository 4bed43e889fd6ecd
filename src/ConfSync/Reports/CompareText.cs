using System.Diagnostics;
using System.Globalization;
using ConfSync.Bytes;
using ConfSync.Changes;
using ConfSync.Runs;
using ConfSync.Trees;

namespace ConfSync.Reports;

/// <summary>The lines of a comparison as the original prints them, which are those of GNU <c>diff -r
/// --no-dereference</c>, and what it did not say. Pure; whatever came from elsewhere is made safe to show.</summary>
public static class CompareText
{
    private const string ChangedLater = "files changed after its workers were started";
    private const string DoNotReload = "do not reload it, because that would make the differences live; push";

    /// <summary>What differs on one node, a line each. Of what is on one side only, the top is named and not what is
    /// beneath it.</summary>
    public static IEnumerable<string> Lines(NodeComparison node)
    {
        string? above = null;
        foreach (var entry in node.Entries)
        {
            if (entry.State != EntryState.Differs)
            {
                if (above is not null && entry.Path.StartsWith(above, StringComparison.Ordinal)) continue;
                above = entry.Path + "/";
            }
            foreach (var line in Lines(entry)) yield return line;
        }
    }

    /// <summary>What differs at one path.</summary>
    public static IEnumerable<string> Lines(ComparedEntry entry)
    {
        var path = PosixText.Printable(entry.Path);
        if (entry.State != EntryState.Differs)
        {
            var slash = path.LastIndexOf('/');
            yield return $"Only in {(entry.State == EntryState.OnlyLocal ? "local" : "remote")}:" +
                $"{path[..Math.Max(slash, 1)]}: {path[(slash + 1)..]}";
            yield break;
        }
        Entry local = entry.Local!, remote = entry.Remote!;
        var found = entry.Differences;
        if ((found & Differences.Kind) != 0)
        {
            yield return $"File local:{path} is a {Kind(local)} while file remote:{path} is a {Kind(remote)}";
        }
        if ((found & Differences.Target) != 0)
        {
            yield return $"Symbolic links local:{path} and remote:{path} differ " +
                $"({PosixText.Printable(local.Target!)} here, {PosixText.Printable(remote.Target!)} there)";
        }
        if ((found & Differences.Content) != 0) yield return $"Files local:{path} and remote:{path} differ";
        if ((found & Differences.Kind) == 0 && Attributes(entry) is { Length: > 0 } attributes)
        {
            yield return $"{Plural(local.Kind)} local:{path} and remote:{path} differ in {attributes}";
        }
    }

    /// <summary>One line on a node: how much differs there, and whether its nginx runs what is on its disk.</summary>
    public static string Summary(NodeComparison node)
    {
        if (node.Failure is not null) return $"{node.Node}: could not be compared";
        var shortfall = node.ChangedMeanwhile.Any() ? "; not wholly compared" : "";
        return $"{node.Node}: {(node.Drifted ? Count(node) : "no differences")}{shortfall}{Nginx(node)}{string.Concat(node.Others.Select(service => Other(service, node.Drifted)))}";
    }

    /// <summary>Why a node could not be looked at. What others said is as they said it: safe in a document, and not on a
    /// terminal.</summary>
    public static string Of(LookFailure failure) => failure switch
    {
        LookFailure.Said said => said.Words,
        LookFailure.Unreadable unreadable => $"{unreadable.Path} cannot be read there",
        _ => throw new UnreachableException(),
    };

    /// <summary>Why its contents could not all be compared, a line a file, safe to show; null where they were, or nobody
    /// asked.</summary>
    public static string? Shortfall(NodeComparison node)
    {
        var lines = node.ChangedMeanwhile.Select(path => $"{PosixText.Printable(path)} changed while it was compared").ToList();
        return lines.Count == 0 ? null : string.Join('\n', lines);
    }

    /// <summary>The last line: how the nodes are.</summary>
    public static string Total(Comparison comparison)
    {
        var nodes = comparison.Nodes;
        var failed = nodes.Count(node => node.Failure is not null);
        var drifted = nodes.Count(node => node.Drifted);
        var pending = nodes.Count(node => node.IsPending);
        var text = $"{Number(nodes.Length - failed, "node")} compared, {drifted} with differences";
        if (pending > 0) text += $", {pending} where {Pending(nodes)} runs something else than its disk holds";
        foreach (var down in nodes.SelectMany(node => node.Down).GroupBy(name => name)) text += $", {down.Count()} where {down.Key} is not running";
        if (nodes.Count(node => node.ChangedMeanwhile.Any()) is > 0 and var partly) text += $", {partly} not wholly compared";
        text = failed > 0 ? $"{text}; {Number(failed, "node")} not compared" : text;
        return comparison.Astray.IsEmpty ? text : $"{text}; {string.Join("; ", comparison.Astray.Select(AddressText.Astray))}";
    }

    /// <summary>In what mode, owner and group differ, such as <c>mode (0644 here, 0600 there)</c>.</summary>
    public static string Attributes(ComparedEntry entry)
    {
        Entry local = entry.Local!, remote = entry.Remote!;
        var parts = new List<string>();
        Add(Differences.Mode, "mode", Mode(local), Mode(remote));
        Add(Differences.Owner, "owner", local.Owner.ToString(), remote.Owner.ToString());
        Add(Differences.Group, "group", local.Group.ToString(), remote.Group.ToString());
        return string.Join(", ", parts);

        void Add(Differences kind, string name, string here, string there)
        {
            if ((entry.Differences & kind) == 0) return;
            parts.Add($"{name} ({PosixText.Printable(here)} here, {PosixText.Printable(there)} there)");
        }
    }

    /// <summary>The permissions as chmod(1) takes them.</summary>
    public static string Mode(Entry entry) => Convert.ToString(entry.Mode, 8).PadLeft(4, '0');

    /// <summary>A number and its noun.</summary>
    internal static string Number(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Count(NodeComparison node)
    {
        var parts = new List<string>();
        Add(entry => entry.State == EntryState.Differs, "differ");
        Add(entry => entry.State == EntryState.OnlyLocal, "only local");
        Add(entry => entry.State == EntryState.OnlyRemote, "only remote");
        return $"{Number(node.Entries.Length, "path")} {(node.Entries.Length == 1 ? "is" : "are")} not the same ({string.Join(", ", parts)})";

        void Add(Func<ComparedEntry, bool> which, string what)
        {
            if (node.Entries.Count(which) is > 0 and var count) parts.Add($"{count} {what}");
        }
    }

    // A reload by hand would make the differences live, also those that were made by hand.
    private static string Nginx(NodeComparison node) => node.Nginx switch
    {
        NginxState.Pending when node.Drifted => $"; {node.NginxName} does not run what is on its disk: {DoNotReload}",
        NginxState.Pending => $"; {node.NginxName} does not run what is on its disk: a push reloads it",
        NginxState.ProbablyPending when node.Drifted => $"; {node.NginxName} probably does not run what is on its disk, since {ChangedLater}: {DoNotReload}",
        NginxState.ProbablyPending => $"; {node.NginxName} probably does not run what is on its disk, since {ChangedLater}: a push reloads it",
        NginxState.NotRunning when node.ExpectsRunning => $"; {node.NginxName} is not running",
        NginxState.NotRunning => $"; {node.NginxName} is not running (EXPECT_RUNNING=no)",
        _ => "",
    };

    private static string Other(ComparedService service, bool drifted) => service.State switch
    {
        NginxState.Pending when drifted => $"; {service.Name} does not run what is on its disk: {DoNotReload}",
        NginxState.Pending => $"; {service.Name} does not run what is on its disk: a push reloads it",
        NginxState.ProbablyPending when drifted => $"; {service.Name} is not known to run what is on its disk: {DoNotReload}",
        NginxState.ProbablyPending => $"; {service.Name} is not known to run what is on its disk: a push reloads it",
        NginxState.NotRunning => $"; {service.Name} is not running{(service.IsExpected ? "" : " (it is not in EXPECT_RUNNING)")}",
        _ => "",
    };

    private static string Pending(IEnumerable<NodeComparison> nodes)
    {
        var names = nodes.SelectMany(node => node.Others.Where(service => service.State.IsPending()).Select(service => service.Name)
            .Concat(node.Nginx.IsPending() ? [node.NginxName] : [])).Distinct();
        return string.Join(" or ", names);
    }

    private static string Kind(Entry entry) => entry.Kind switch
    {
        EntryKind.File => "regular file",
        EntryKind.Directory => "directory",
        EntryKind.Link => "symbolic link",
        _ => "socket, device or fifo",
    };

    private static string Plural(EntryKind kind) => kind switch
    {
        EntryKind.Directory => "Directories",
        EntryKind.Link => "Symbolic links",
        _ => "Files",
    };
}
