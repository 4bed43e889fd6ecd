using ConfSync.Cli.Commands;
using ConfSync.Inventory;
using ConfSync.Timing;

namespace ConfSync.Cli.Tests;

/// <summary>What a call of nginx-sync is taken for, and what is said of a wrong one.</summary>
public sealed class CommandLineTests
{
    private static readonly TestCaseData[] WrongCalls =
    [
        Wrong("-c web1 -C", "-c and -C exclude each other: one node, or all of them?"),
        Wrong("-c web1 --node web2", "-c and --node exclude each other"),
        Wrong("-w", "--side-by-side needs -c NODE or -C"),
        Wrong("cluster state", "cluster takes status, show, import, init, move, drain or undrain, not \"state\""),
        Wrong("cluster status web1", "cluster status takes no NODE: an address may be on any of them"),
        Wrong("cluster show --output json", "--output is not for cluster show"),
        Wrong("cluster status --output prometheus", "--output takes text, json here, not \"prometheus\""),
        Wrong("cluster show --all", "Unrecognized option '--all'"),
        Wrong("settle --if-holder", "Unrecognized command or argument '--if-holder'."),
        Wrong("settle --report x.html", "Unrecognized command or argument '--report'."),
        Wrong("history --output prometheus", "--output takes text, json here, not \"prometheus\""),
        Wrong("-C --output jsonl", "--output takes text, json, prometheus here, not \"jsonl\""),
        Wrong("compare --output jsonl", "--output takes text, json, prometheus here, not \"jsonl\""),
        Wrong("history --output jsonl", "--output takes text, json here, not \"jsonl\""),
        Wrong("--output jsonl -o x", "-o is not for --output jsonl, whose lines come one by one"),
        Wrong("push -o x", "-o needs --output json or prometheus; -l FILE takes the text"),
        Wrong("history -o x", "-o needs --output json; -l FILE takes the text"),
        Wrong("settle -o x", "-o needs --output json or prometheus; -l FILE takes the text"),
        Wrong("-C --output yaml", "--output takes text, json, prometheus here, not \"yaml\""),
        Wrong("--output yaml", "--output takes text, json, jsonl, prometheus here, not \"yaml\""),
        Wrong("-C --color maybe", "--color takes auto, always, never, not \"maybe\""),
        Wrong("-C -n", "--dry-run, --no-reload, --serial, --all-or-none, --max-delete, --force, --if-holder, --message and --wait are for a push, -c and -C for a comparison"),
        Wrong("-C --all-or-none", "--dry-run, --no-reload, --serial, --all-or-none, --max-delete, --force, --if-holder, --message and --wait are for a push, -c and -C for a comparison"),
        Wrong("--serial 0", "--serial takes a number from 1 on, or \"all\", not \"0\""),
        Wrong("--serial -1", "--serial takes a number from 1 on, or \"all\", not \"-1\""),
        Wrong("--serial 99999999999", "--serial takes a number from 1 on, or \"all\", not \"99999999999\""),
        Wrong("rollback --to last", "--to takes a run (seven letters and digits of it at least, small ones) or the number of a generation, as nginx-sync history shows them, not \"last\""),
        Wrong("rollback --to 3f2a91g", "--to takes a run (seven letters and digits of it at least, small ones) or the number of a generation, as nginx-sync history shows them, not \"3f2a91g\""),
        Wrong("--max-delete all", "--max-delete takes a number of paths, not \"all\""),
        Wrong("--max-delete -1", "--max-delete takes a number of paths, not \"-1\""),
        Wrong("-C -m why", "--dry-run, --no-reload, --serial, --all-or-none, --max-delete, --force, --if-holder, --message and --wait are for a push, -c and -C for a comparison"),
        Wrong("rollback --frce", "Unrecognized option '--frce'"),
        Wrong("history --all", "Unrecognized option '--all'"),
        Wrong("--serial 2 settle", "--serial is not for nginx-sync settle"),
        Wrong("-C history", "--compare-all is not for nginx-sync history"),
        Wrong("push -C", "Unrecognized option '-C'"),
        Wrong("compare --serial 2", "Unrecognized option '--serial'"),
        Wrong("-C push", "--compare-all is not for nginx-sync push"),
        Wrong("-n diff", "--dry-run is not for nginx-sync diff"),
        Wrong("--all-or-none rollback", "--all-or-none is not for nginx-sync rollback"),
    ];

    private static readonly CommandLine Line = new(options => new CommandRunner(options, StartDirectory.Leave(), new Timeline(), new Interruption()), StartDirectory.Leave());

    [TestCaseSource(nameof(WrongCalls))]
    public void A_wrong_call_names_what_is_wrong(string call, string error) =>
        Assert.That(Line.Root.Parse(call).Errors.Select(found => found.Message), Does.Contain(error));

    [TestCase("")]
    [TestCase("-n -r --node web1 web2 --serial all")]
    [TestCase("--all-or-none --no-reload --timing")]
    [TestCase("-C -d -w --output json -o /tmp/x --color never -q")]
    [TestCase("-c web1 --report /tmp/x.html")]
    [TestCase("rollback web1 --to 3 --force -n --serial 2")]
    [TestCase("-f /etc/x.conf -l /tmp/log history web1 -r")]
    [TestCase("settle -n -u")]
    [TestCase("rollback --to 3f2a91c -m why")]
    [TestCase("--output json -o /tmp/x")]
    [TestCase("push --output json -n")]
    [TestCase("rollback --output json -n -o /tmp/x")]
    [TestCase("history --output json web1")]
    [TestCase("settle --output jsonl")]
    [TestCase("--output jsonl -n")]
    [TestCase("--output prometheus -o /tmp/x.prom")]
    [TestCase("rollback --output prometheus --report /tmp/x.html")]
    [TestCase("-n --report /tmp/x.html")]
    [TestCase("-m why")]
    [TestCase("push web1 web2 -n --serial 2 --all-or-none --node web3")]
    [TestCase("compare web1 -d -q --output json")]
    [TestCase("diff web1 -w -d")]
    [TestCase("doctor web1 -q --output json")]
    [TestCase("cluster status -q --output json -o /tmp/x")]
    [TestCase("--if-holder -q")]
    [TestCase("push --if-holder=VI_1 -n")]
    [TestCase("cluster show web1 web2 -q --color always")]
    [TestCase("init web1 --accept SHA256:0123456789012345678901234567890123456789012 web2 --install-key --key /root/key -f /tmp/x")]
    public void A_right_call_is_taken(string call) => Assert.That(Line.Root.Parse(call).Errors, Is.Empty);

    [Test]
    public void An_empty_file_name_is_refused() => Assert.That(
        Line.Root.Parse(["-f", ""]).Errors.Select(error => error.Message), Is.EqualTo(["-f needs the name of a file"]));

    [TestCase("--dry-rum", "--dry-run")]
    [TestCase("rolback", "nginx-sync rollback")]
    [TestCase("setle", "nginx-sync settle")]
    [TestCase("rollback --forse", "--force")]
    [TestCase("-V", "nginx-sync --version")]
    [TestCase("dry-run", "nginx-sync --dry-run")]
    [TestCase("rollback --node web1", "nginx-sync rollback NODE")]
    [TestCase("something", null)]
    public void What_was_meant_is_guessed_where_it_is_near(string call, string? meant) =>
        Assert.That(CommandLine.Meant(Line.Root.Parse(call)), Is.EqualTo(meant));

    [TestCase("--node", "--node needs a value: NODE")]
    [TestCase("rollback -f", "-f needs a value: FILE")]
    [TestCase("rollback --to", "--to needs a value: RUN|N")]
    [TestCase("--wait", "--wait needs a value: SECONDS")]
    public void An_option_without_its_value_says_what_it_takes(string call, string words) =>
        Assert.That(Line.Root.Parse(call).Errors.Select(CommandLine.Words), Is.EqualTo([words]));

    [TestCase("--nope", "nginx-sync --help")]
    [TestCase("rollback --nope", "nginx-sync rollback --help")]
    public void Help_is_that_of_what_was_called(string call, string help) =>
        Assert.That(CommandLine.HelpFor(Line.Root.Parse(call)), Is.EqualTo(help));

    [TestCase("-C --nope", 2)]
    [TestCase("-c", 2)]
    [TestCase("compare --nope", 2)]
    [TestCase("diff --nope", 2)]
    [TestCase("--nope", 1)]
    [TestCase("rollback --nope", 1)]
    public void A_wrong_comparison_has_the_status_of_a_comparison(string call, int status) =>
        Assert.That(Line.StatusOfWrong(Line.Root.Parse(call)), Is.EqualTo(status));

    [TestCase("-n false", "-n takes no value: give it to have it, leave it out otherwise")]
    [TestCase("-n=false", "-n takes no value: give it to have it, leave it out otherwise")]
    [TestCase("--dry-run=no", "--dry-run takes no value: give it to have it, leave it out otherwise")]
    [TestCase("rollback --force yes", "--force takes no value: give it to have it, leave it out otherwise")]
    [TestCase("-dry-run", "-dry-run: a long option begins with two dashes: --dry-run")]
    [TestCase("-node web1", "-node: a long option begins with two dashes: --node")]
    [TestCase("-compare web1", "-compare: a long option begins with two dashes: --compare")]
    [TestCase("-dryrun", "-dryrun: a long option begins with two dashes: --dry-run")]
    [TestCase("-C -color never", "-color: a long option begins with two dashes: --color")]
    [TestCase("rollback -to 3", "-to: a long option begins with two dashes: --to")]
    [TestCase("-nr", null)]
    [TestCase("-Cdwq", null)]
    [TestCase("-l/var/log/x -f/etc/x", null)]
    [TestCase("-l -node", null, Description = "the name of a file")]
    [TestCase("--node true", null, Description = "a node may be called so")]
    public void What_looks_like_an_option_and_is_none_is_found(string call, string? said) =>
        Assert.That(Line.LookalikeIn(call.Split(' ')), Is.EqualTo(said));

    [TestCase("web1", "nginx-sync push web1")]
    [TestCase("-C web1", "nginx-sync compare web1")]
    [TestCase("-n web1", "nginx-sync push -n web1")]
    [TestCase("--no-reload web1 -f /x", "nginx-sync push --no-reload web1 -f /x")]
    [TestCase("--nope", null)]
    [TestCase("rollback --to", null)]
    [TestCase("history web1 web2", null)]
    [TestCase("history --diff", null)]
    public void A_word_that_is_no_command_may_be_a_node(string call, string? meant) =>
        Assert.That(Line.AsNode(Line.Root.Parse(call)), Is.EqualTo(meant));

    [Test]
    public void Serial_says_how_many_nodes_are_activated_at_once()
    {
        var options = new SharedOptions();
        var root = new System.CommandLine.RootCommand { options.Serial };

        Assert.That(options.Rollout(root.Parse("")), Is.EqualTo(RolloutPolicy.FirstAlone));
        Assert.That(options.Rollout(root.Parse("--serial all")), Is.EqualTo(RolloutPolicy.AllAtOnce));
        Assert.That(options.Rollout(root.Parse("--serial 3")), Is.EqualTo(new RolloutPolicy(3)));
    }

    private static TestCaseData Wrong(string call, string error) => new TestCaseData(call, error).SetName($"nginx-sync {call}");
}
