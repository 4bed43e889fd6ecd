using System.Collections.Frozen;
using System.CommandLine;

namespace ConfSync.Cli.Manual;

/// <summary>What the manual says of each option, in Markdown. An option without a text here has its description as its text, so
/// that a new option needs no line here.</summary>
internal static class OptionTexts
{
    /// <summary>By the long name. Links are relative to docs/manual.md.</summary>
    public static FrozenDictionary<string, string> Long { get; } = new Dictionary<string, string>
    {
        ["--compare"] = "compare with one node, which need not be in `NODES`. Excludes `-C` and `--node`",
        ["--compare-all"] = "compare with all nodes",
        ["--diff"] = "a comparison, a dry run, a push and a roll-back show the differences themselves, as unified diffs. They leave out what is secret, as " +
            "[Comparing](compare.md#secrets) says",
        ["--color"] = "colour the differences, and the verdict of a push: `auto` (on a terminal, unless `NO_COLOR` is set), `always` (differences only), `never`",
        ["--side-by-side"] = "a comparison shows the differences in two columns; see [Comparing](compare.md)",
        ["--report"] = "a push, a dry run, a roll-back and a comparison also write a page for a browser to FILE; see " +
            "[A page for a browser](#a-page-for-a-browser)",
        ["--output"] = "`text` is the default. `json`: a push, a dry run, a roll-back, `settle`, `history`, `status`, `doctor`, `cluster` and a comparison print " +
            "one JSON document on standard output, at the end. `jsonl`: a push, a dry run, a roll-back and `settle` print what happens while it happens, one JSON " +
            "object a line, and the document at the end. `prometheus`: a push, a dry run, a roll-back, `settle`, `status` and a comparison print metrics. " +
            "See [For programs](#for-programs) and [Comparing](compare.md)",
        ["--output-file"] = "write the document or the metrics to FILE, in one step when they are complete. Standard output keeps the text. A comparison, " +
            "`status`, `doctor` and `cluster` write their text to FILE too, `cluster import` the definition. All others need `--output json` or `prometheus` with it",
        ["--verbose"] = "a push names every path that it changes; see also [Which nginx](#which-nginx)",
        ["--no-sudo"] = "do not use sudo, neither here nor on a node: everything runs as the user itself",
        ["--quiet"] = "a push, a roll-back, `settle` and a dry run print only what is wrong, and the verdict only if something is wrong. A comparison and " +
            "`status` print only the nodes on which something is wrong, and nothing if all is well; `doctor` prints only warnings and errors, `cluster` only what is wrong",
        ["--log"] = "append the text to FILE as well, each line with the time and its zone (`2026-11-28T07:53:27+00:00`). With `-q` or `--output`, the log of " +
            "a push, a roll-back and `settle` still gets the whole text. nginx-sync creates the file with mode 0600",
        ["--config"] = "the configuration file; default `/etc/nginx-sync.conf`",
        ["--dry-run"] = "connect, scan, stage and test on every node, say what would change, then remove what was staged",
        ["--no-reload"] = "push and test, and leave the reload to a later run: the next push without this option reloads",
        ["--node"] = "only these of `NODES`; see below. May be given several times",
        ["--limit"] = "only the nodes of this pattern, written as Ansible's: `web`, `web:!web3`, `web:&prod`; see " +
            "[Nodes of an Ansible inventory](#nodes-of-an-ansible-inventory)",
        ["--message"] = "why; `nginx-sync history` shows it. For a push or a roll-back; 1,000 characters at most",
        ["--timing"] = "say at the end what the time was spent on, step by step and node by node, in milliseconds since the start of the program; see " +
            "[Performance](performance.md). The table goes to standard error where `-q` is given or standard output has a document",
        ["--wait"] = "if another run holds the lock of this primary, wait so long for it. For a push, a roll-back and `settle`. On a terminal, and with `-r`, " +
            "a line says that it waits",
        ["--serial"] = "activate N nodes at a time, or all at once. Default: the first alone, then all others together",
        ["--max-delete"] = "how many paths the push may delete on each node, instead of `MAX_DELETE`; see [What a push does](#what-a-push-does)",
        ["--force"] = "a push also overwrites what another primary pushed and this one has never had, and edits despite `OVERWRITE=no`; see " +
            "[What is overwritten](#what-is-overwritten). A roll-back also goes over edits and later runs; see [Going back](#going-back). " +
            "`adopt --undo` also goes over edits here. `cluster import --write` replaces a `cluster.conf` that is there, which stays as `cluster.conf.old`",
        ["--if-holder"] = "push only if this machine holds the virtual address, of the first instance or of INSTANCE (`--if-holder=VI_1`); otherwise do nothing, " +
            "with exit status 0. So the same call may stand on every machine; see [Clusters](clusters.md#the-same-on-every-machine)",
        ["--all-or-none"] = "no node keeps the push unless all can; see [All or none](#all-or-none). With `--node`, this is about these nodes only",
        ["--to"] = "back to what the nodes held right after that run, or after its own generation N; see [Going back](#going-back)",
        ["--help"] = "the help; also of a command, such as `nginx-sync rollback --help`",
        ["--version"] = "in the first line the version and, behind a `+`, the first twelve digits of the commit that it was built from; then the build, the " +
            "version of the [protocol](protocol.md), and what makes the logins: ssh and the library",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A clause of Markdown.</summary>
    public static string Of(Option option) => Long.GetValueOrDefault(option.Name) ?? Clause(option.Description ?? "");

    /// <summary>The names as a call has them, the short ones first: <c>-c NODE</c>, <c>--compare NODE</c>.</summary>
    public static IEnumerable<string> Spelled(Option option)
    {
        var value = option.HelpName is { } name ? $" {name}{(option.AllowMultipleArgumentsPerToken ? " …" : "")}" : "";
        // The parser also takes /h and /?.
        return option.Aliases.Append(option.Name).Where(alias => alias.StartsWith('-')).OrderBy(alias => alias.Length).Select(alias => $"{alias}{value}");
    }

    // "Colour it" in a list of options is "colour it" in a table; "JSON" stays.
    private static string Clause(string description) =>
        description is [var first, var second, ..] && !char.IsUpper(second) ? $"{char.ToLowerInvariant(first)}{description[1..]}" : description;
}
