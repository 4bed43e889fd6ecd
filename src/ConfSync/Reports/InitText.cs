using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using ConfSync.Bytes;
using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Runs;

namespace ConfSync.Reports;

/// <summary>What <c>nginx-sync init</c> says of this machine, and the file that it writes. Pure; what came from elsewhere is made safe
/// to show.</summary>
internal static class InitText
{
    public static IEnumerable<ReportLine> Proposal(NginxCheckup nginx, PathProposal proposal)
    {
        yield return ReportLine.Star($"nginx runs here with {Shown(nginx.Configuration.Files[0])}. What is pushed (CONFPATHS):");
        foreach (var path in proposal.Paths) yield return ReportLine.Plain($"    {Shown(path)}");
        yield return ReportLine.Plain("");
        if (proposal.LeftOut.IsEmpty) yield break;
        yield return ReportLine.Star("What nginx also reads, and each machine keeps its own:");
        foreach (var one in proposal.LeftOut) yield return ReportLine.Plain($"    {Shown(one.Path)}: {Reason(one.Reason)}");
        yield return ReportLine.Plain("");
    }

    /// <summary>Why nothing can be proposed.</summary>
    public static string NoNginx(NginxCheckup nginx) => nginx.Presence switch
    {
        NginxPresence.NoProgram => "nginx-sync: there is no nginx at /usr/sbin/nginx: write a configuration file after nginx-sync.conf.example, with NGINX set to where it is",
        NginxPresence.Uncertain => $"nginx-sync: {PosixText.PrintableLines(nginx.Words)}",
        NginxPresence.Stopped => "nginx-sync: nginx does not run here, so that what it loads cannot be seen: start it, then run nginx-sync init again",
        _ => $"nginx-sync: nginx's configuration does not pass its own test here:\n{PosixText.PrintableLines(nginx.Configuration.Said, "    ")}",
    };

    /// <summary>The configuration file.</summary>
    /// <param name="key">For SSHKEY; null where ssh offers the right key by itself.</param>
    public static string File(ImmutableArray<Node> nodes, PathProposal proposal, string? key)
    {
        var text = new StringBuilder("# What each variable means: nginx-sync help NODES, and so on.\n");
        text.Append($"NODES=\"{string.Join(' ', nodes.Select(node => node.Name))}\"\n");
        text.Append($"CONFPATHS=\"{string.Join("\n           ", proposal.Paths.Select(Item))}\"\n");
        if (key is not null) text.Append($"SSHKEY=\"{key}\"\n");
        foreach (var one in proposal.LeftOut) text.Append($"# Left out: {Shown(one.Path)} ({Reason(one.Reason)})\n");
        return text.ToString();
    }

    // PathProposal leaves out what would need more than quotes.
    private static string Item(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;

    private static string Reason(LeftOutReason reason) => reason switch
    {
        LeftOutReason.Elsewhere => "it is outside the configuration directory; add it to CONFPATHS if the nodes are to have the same",
        LeftOutReason.Modules => "modules are installed on each machine",
        LeftOutReason.Link => "it is a link, which cannot be pushed: add what it leads to",
        LeftOutReason.Name => "its name has quotes or other signs of a shell: add it by hand",
        _ => throw new UnreachableException(),
    };

    private static string Shown(string text) => PosixText.Printable(text);
}
