using System.Text.RegularExpressions;
using static ConfSync.SystemTests.Push.Generations;

namespace ConfSync.SystemTests.Push;

/// <summary>A run is one on all nodes: the history shows it, and a roll-back goes back over it.</summary>
public sealed partial class RunTests
{
    private const string File = $"{Data}/day.conf";

    /// <summary>Wednesday fails on the second node. Going back one push too far there would be worse than not going back.</summary>
    [Test]
    public async Task The_last_run_is_gone_back_over_on_the_nodes_that_it_changed_and_on_no_others()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        await PushWeekAsync(lab);
        Assert.That(Days(lab), Is.EqualTo("wednesday tuesday wednesday"));

        var planned = await lab.Primary.RolledBackAsync("-n");
        var said = await lab.Primary.RolledBackAsync();

        Assert.That(Days(lab), Is.EqualTo("tuesday tuesday tuesday"));
        foreach (var text in new[] { planned, said })
        {
            Assert.That(text, Does.Match($@" \* Left {lab.Peers[1].Address} as it was: run [0-9a-f]{{7}} changed nothing there\n"));
        }
        Assert.That(planned, Does.Contain($"Would roll back configuration on {lab.Peers[0].Address} to generation 2"));
        Assert.That(await lab.Primary.RolledBackAsync(), Does.Contain($"Left {lab.Peers[1].Address} as it was"), "the roll-back was a run itself");
        Assert.That(Days(lab), Is.EqualTo("wednesday tuesday wednesday"));
        await lab.Primary.RolledBackAsync(lab.Peers[1].Address);
        Assert.That(Days(lab), Is.EqualTo("wednesday monday wednesday"), "a node that is named goes back over its own last one");
    }

    [Test]
    public async Task A_push_that_repaired_one_node_is_gone_back_over_there_only()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        lab.Pushes(Data);
        await lab.PushStateAsync("echo monday >day.conf");
        await lab.PushStateAsync("echo tuesday >day.conf");
        lab.Peers[2].Write(File, "drift\n");
        await lab.Primary.PushedAsync();
        Assert.That(Days(lab), Is.EqualTo("tuesday tuesday tuesday"));

        await lab.Primary.RolledBackAsync();

        Assert.That(Days(lab), Is.EqualTo("tuesday tuesday drift"));
    }

    [Test]
    public async Task A_run_can_be_named_and_every_later_one_is_gone_over()
    {
        await using var lab = await Lab.StartPeersAsync(3);
        await PushWeekAsync(lab);
        var runs = RunsIn((await lab.Primary.RunAsync("nginx-sync", "history")).OutIfSuccessful);
        Assert.That(runs, Has.Count.EqualTo(3));

        var said = await lab.Primary.RolledBackAsync("--to", runs[1]);
        Assert.That(Days(lab), Is.EqualTo("tuesday tuesday tuesday"));
        Assert.That(said, Does.Contain($"Configuration on {lab.Peers[1].Address} is that of generation 2 already"));
        await lab.Primary.RolledBackAsync("--to", runs[2]);
        Assert.That(Days(lab), Is.EqualTo("monday monday monday"));
        var unknown = await lab.Primary.RollbackAsync("--to", "0123456");
        Assert.That(unknown.ExitCode, Is.EqualTo(1), unknown.ToString());
        Assert.That(unknown.Err, Is.EqualTo(
            "nginx-sync: rolling back failed; nothing was rolled back (NS-5015):\n    no node that was reached keeps a generation of a run 0123456: see nginx-sync history\nNothing was rolled back.\n"));
        Assert.That(Days(lab), Is.EqualTo("monday monday monday"));
    }

    [Test]
    public async Task The_history_shows_runs_with_what_was_said_of_them_and_the_commit_that_was_pushed()
    {
        await using var lab = await Lab.StartPeersAsync(2);
        lab.Pushes(Data);
        await lab.PushStateAsync("echo monday >day.conf");
        await lab.Primary.ShAsync($"""
            cd /etc && git init -q && git add nginx/data && git -c user.name=x -c user.email=x@y commit -qm first
            echo tuesday >{File}; nginx-sync -m 'ticket 17: "more" workers' --node {lab.Peers[0].Address}
            """);
        var commit = (await lab.Primary.ShAsync("git -C /etc rev-parse HEAD"))[..12];

        var shown = (await lab.Primary.RunAsync("nginx-sync", "history")).OutIfSuccessful;

        const string Time = @"[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} \d\d:\d\d:\d\d [AP]M \w+ 20\d\d";
        Assert.That(shown, Does.Match(
            $@"^ \* Runs on {lab.Peers[0].Address} {lab.Peers[1].Address}, the last one first:\n\n" +
            $@"  run [0-9a-f]{{7}}  {Time}  root@primary  ""ticket 17: ""more"" workers""  commit {commit} dirty\n" +
            $@"    {lab.Peers[0].Address}: generation 2, 1 path, served now\n    not part of it: {lab.Peers[1].Address}\n" +
            $@"  run [0-9a-f]{{7}}  {Time}  root@primary\n" +
            $@"    {lab.Peers[0].Address}: generation 1, 2 paths\n    {lab.Peers[1].Address}: generation 1, 2 paths, served now\n\n$"));
        await lab.Primary.ShAsync("cd /etc && git add nginx/data && git -c user.name=x -c user.email=x@y commit -qm second && nginx-sync");
        var second = (await lab.Primary.ShAsync("git -C /etc rev-parse HEAD"))[..12];
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "history")).OutIfSuccessful, Does.Contain($"  commit {second}\n"));
        var paths = (await lab.Primary.RunAsync("nginx-sync", "history", "-r")).OutIfSuccessful;
        Assert.That(paths, Does.Contain($"    {lab.Peers[0].Address}: generation 2, 1 path, served now\n         replace {File}\n"));
    }

    [Test]
    public async Task The_history_says_what_became_of_every_node_of_a_run()
    {
        await using var lab = await Lab.StartAsync(PeerKind.Debian, PeerKind.Alpine, PeerKind.Debian);
        await PushWeekAsync(lab);
        lab.Primary.Write(File, "wednesday\n");
        lab.Primary.Configure($"NODES=\"{string.Join(' ', lab.Peers.Select(peer => peer.Address))} 192.0.2.1\"", $"CONFPATHS={Data}", "CONNECT_TIMEOUT=2");
        foreach (var dry in (string[][])[["-n"], ["rollback", "--plan", "--force"]])
        {
            Assert.That((await lab.Primary.PushAsync(dry)).ExitCode, Is.EqualTo(2), "a dry run that fails on a node is not remembered");
        }
        Assert.That((await lab.Primary.PushAsAsync("deploy")).ExitCode, Is.EqualTo(2));

        var shown = await lab.Primary.RunAsync("nginx-sync", "history");

        var (first, second, third) = (lab.Peers[0].Address, lab.Peers[1].Address, lab.Peers[2].Address);
        var runs = shown.Out.Split("  run ").Skip(1).Select(run => run[run.IndexOf('\n', StringComparison.Ordinal)..]).ToList();
        Assert.That(runs[0], Does.Contain($"    {second}: generation 3, 1 path, served now\n    already up to date: {first} {third}\n    not reached: 192.0.2.1\n"), shown.Out);
        Assert.That(runs[1], Does.Contain($"    failed, nothing was changed there: {second}\n    not part of it: 192.0.2.1\n"));
        Assert.That(runs, Has.Count.EqualTo(4));
        var document = (await lab.Primary.RunAsync("nginx-sync", "history", "--output", "json")).Out;
        Assert.That(document, Does.Contain("\"outcome\": \"not-reached\""));
        Assert.That((await lab.Primary.PushAsAsync("deploy", "history")).Out, Is.EqualTo(shown.Out), "one record for root and for a sudo user");
    }

    [Test]
    public async Task A_record_that_cannot_be_kept_is_said_and_changes_no_exit_status()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes(Data);
        await lab.PushStateAsync("echo monday >day.conf");
        await lab.Primary.ShAsync($"chmod 0666 {PeerSide.State}/runs");
        lab.Primary.Write(File, "tuesday\n");

        var pushed = await lab.Primary.PushAsync();
        Assert.That(pushed.ExitCode, Is.Zero, pushed.ToString());
        Assert.That(pushed.Err, Does.Contain($"nginx-sync: warning: this run could not be added to {PeerSide.State}/runs").And.Contain($"may write to {PeerSide.State}/runs"));
        var shown = await lab.Primary.RunAsync("nginx-sync", "history");
        Assert.That(shown.OutIfSuccessful, Does.Contain("generation 2, 1 path, served now"));
        Assert.That(shown.Err, Does.StartWith("nginx-sync: warning: what became of nodes in earlier runs is not known here: "));

        await lab.Primary.ShAsync($"chmod 0600 {PeerSide.State}/runs; i=0; while [ $i -lt 300 ]; do echo later version $i; i=$((i + 1)); done >>{PeerSide.State}/runs");
        lab.Primary.Write(File, "wednesday\n");
        Assert.That((await lab.Primary.PushAsync()).Err, Is.Empty);
        var left = await lab.Primary.ShAsync($"wc -l <{PeerSide.State}/runs; stat -c %a {PeerSide.State}/runs; ls -A {PeerSide.State}");
        Assert.That(left, Does.StartWith("200\n600\n").And.Not.Contain(".runs"));
    }

    /// <summary>A work tree of another user would have root run what its configuration names.</summary>
    [Test]
    public async Task A_work_tree_of_another_user_is_not_asked()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes(Data);
        await lab.Primary.ShAsync($"""
            mkdir -p {Data}; cd /etc && git init -q && git add nginx && git -c user.name=x -c user.email=x@y commit -qm first
            git config core.fsmonitor 'touch /tmp/ran; :'; git config filter.x.clean 'touch /tmp/ran; cat'; echo '* filter=x' >.gitattributes
            chown -R deploy .git
            """);

        await lab.PushStateAsync("echo monday >day.conf");

        Assert.That(lab.Primary.Exists("/tmp/ran"), Is.False);
        Assert.That((await lab.Primary.RunAsync("nginx-sync", "history")).OutIfSuccessful, Does.Not.Contain("commit"));
    }

    [Test]
    public async Task A_user_who_became_root_by_sudo_is_named()
    {
        await using var lab = await Lab.StartPeersAsync(1);
        lab.Pushes(Data);
        lab.Primary.Write(File, "monday\n");

        await lab.Primary.RunAsync("env", "SUDO_USER=deploy", "nginx-sync");

        Assert.That((await lab.Primary.RunAsync("nginx-sync", "history")).OutIfSuccessful, Does.Contain("root@primary (sudo by deploy)"));
    }

    private static async Task PushWeekAsync(Lab lab)
    {
        lab.Pushes($"{Data} /etc/nginx/conf.d");
        foreach (var node in lab.Peers.Append(lab.Primary)) node.Write("/etc/outside.conf", "");
        await lab.PushStateAsync("echo monday >day.conf");
        await lab.PushStateAsync("echo tuesday >day.conf");
        lab.Peers[1].Delete("/etc/outside.conf");
        lab.Primary.Write("/etc/nginx/conf.d/wednesday.conf", "include /etc/outside.conf;");
        lab.Primary.Write(File, "wednesday\n");
        var push = await lab.Primary.PushAsync();
        Assert.That(push.ExitCode, Is.EqualTo(2), push.ToString());
    }

    private static string Days(Lab lab) => string.Join(' ', lab.Peers.Select(peer => peer.ReadText(File).Trim()));

    private static List<string> RunsIn(string history) => [.. Run().Matches(history).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("^  run ([0-9a-f]{7}) ", RegexOptions.Multiline)]
    private static partial Regex Run();
}
