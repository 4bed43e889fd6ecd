using System.Text.RegularExpressions;

namespace ConfSync.SystemTests;

/// <summary>How labs come and go.</summary>
public sealed class LabLifeTests
{
    [Test]
    public async Task Two_labs_are_up_at_once_and_do_not_see_each_other()
    {
        await using var one = await Lab.StartPeersAsync(1);
        await using var other = await Lab.StartPeersAsync(1);
        Assert.That(one.Peers[0].Address, Is.Not.EqualTo(other.Peers[0].Address));
        var across = await one.Primary.RunAsync("ssh", "-o", "ConnectTimeout=2", other.Peers[0].Address, "true");
        Assert.That(across.ExitCode, Is.EqualTo(255));
        Assert.That((await other.Peers[0].HttpGetAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Nothing_is_left_of_a_lab()
    {
        string name;
        string[] processes, links;
        await using (var lab = await Lab.StartPeersAsync(2))
        {
            name = lab.Name;
            links = await LinksOfAsync(await DirectoryAsync(name));
            Assert.That(links, Has.Length.EqualTo(1 + 3));
            await using var session = await lab.Primary.StartAsync("ssh", "peer1", "echo on; sleep 1000");
            await session.UntilItSaysAsync("on");
            await lab.Peers[1].RunAsync("sh", "-c", "trap '' TERM HUP; sleep 1000 >/dev/null 2>&1 &");
            processes = ProcessesBelow(await DirectoryAsync(name));
            Assert.That(processes, Has.Length.GreaterThan(15));
        }
        await AssertNothingIsLeftAsync(name, links, processes);
    }

    [Test]
    public async Task A_lab_whose_owner_died_is_removed_by_the_next()
    {
        var orphan = $"orphan-{Environment.ProcessId}";
        await using var owner = Running.Start("/bin/sleep", ["1000"]);
        await LabScript.RunAsync("up", orphan, "1", "--owner", $"{owner.Pid}");
        try
        {
            var directory = await DirectoryAsync(orphan);
            var links = await LinksOfAsync(directory);
            var processes = ProcessesBelow(directory);
            owner.Kill();
            await owner.WaitAsync();
            await using var next = await Lab.StartPeersAsync(0);
            await AssertNothingIsLeftAsync(orphan, links, processes);
        }
        finally
        {
            await LabScript.RunAsync("down", orphan);
        }
    }

    [Test]
    public async Task A_lab_goes_down_crashed_or_twice_or_never_up()
    {
        var lab = await Lab.StartPeersAsync(1);
        await lab.Peers[0].CrashAsync();
        await lab.DisposeAsync();
        await lab.DisposeAsync();
        await LabScript.RunAsync("down", "never-was");
        Assert.That(await LabScript.RunAsync("list"), Does.Not.Contain(lab.Name));
    }

    private static async Task AssertNothingIsLeftAsync(string name, string[] links, string[] processes)
    {
        var labLinks = await LinksAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(processes.Where(Lives), Is.Empty);
            Assert.That(File.ReadAllText("/proc/self/mounts"), Does.Not.Contain($"confsync-lab.{name}."));
            Assert.That(Directory.GetDirectories("/tmp", $"confsync-lab.{name}.*"), Is.Empty);
            Assert.That(labLinks.Intersect(links), Is.Empty);
        }
    }

    // A host whose first process does not reap keeps the number, and nothing else.
    private static bool Lives(string process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The bridges and links of labs, by the host's numbers: those are not used again.</summary>
    private static async Task<string[]> LinksAsync(string lab = "[0-9]+")
    {
        await using var ip = Running.Start("ip", ["-o", "link"]);
        var links = (await ip.WaitAsync()).OutIfSuccessful;
        return Regex.Matches(links, $"^[0-9]+: lab{lab}(n[0-9]+)?[@:]", RegexOptions.Multiline)
            .Select(match => match.Value).ToArray();
    }

    private static Task<string[]> LinksOfAsync(string directory) =>
        LinksAsync(File.ReadAllText(Path.Combine(directory, "net")).Trim());

    private static async Task<string> DirectoryAsync(string name) =>
        (await LabScript.RunAsync("list")).Split('\n')
            .Select(line => line.Split(' ')).Single(line => line[0] == name)[1];

    /// <summary>The processes that have the PID namespace of one of the lab's nodes.</summary>
    private static string[] ProcessesBelow(string lab)
    {
        var namespaces = Directory.GetFiles(Path.Combine(lab, "nodes"), "init", SearchOption.AllDirectories)
            .Select(file => PidNamespace(File.ReadAllText(file).Split(' ')[0])).ToHashSet();
        return Directory.GetDirectories("/proc").Select(Path.GetFileName).OfType<string>()
            .Where(name => char.IsAsciiDigit(name[0]) && namespaces.Contains(PidNamespace(name))).ToArray();
    }

    private static string? PidNamespace(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/pid").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
