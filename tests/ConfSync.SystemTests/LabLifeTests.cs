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
        Assert.That((await one.Primary.RunAsync("ssh", "-o", "ConnectTimeout=2", other.Peers[0].Address, "true")).ExitCode, Is.EqualTo(255));
        Assert.That((await other.Peers[0].HttpGetAsync()).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Nothing_is_left_of_a_lab()
    {
        string name, bridge;
        string[] processes;
        await using (var lab = await Lab.StartPeersAsync(2))
        {
            name = lab.Name;
            bridge = BridgeOf(lab);
            await using var session = await lab.Primary.StartAsync(new Invocation("ssh", "peer1", "echo on; sleep 1000"));
            await session.UntilItSaysAsync("on");
            await lab.Peers[1].RunAsync("sh", "-c", "trap '' TERM HUP; sleep 1000 >/dev/null 2>&1 &");
            processes = ProcessesBelow(await DirectoryAsync(name));
            Assert.That(processes, Has.Length.GreaterThan(15));
        }
        AssertNothingIsLeft(name, bridge, processes);
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
            var bridge = $"lab{File.ReadAllText(Path.Combine(directory, "net")).Trim()}";
            var processes = ProcessesBelow(directory);
            owner.Kill();
            await owner.WaitAsync();
            await using var next = await Lab.StartPeersAsync(0);
            // The next one may have been given the same network.
            AssertNothingIsLeft(orphan, bridge == BridgeOf(next) ? null : bridge, processes);
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

    private static void AssertNothingIsLeft(string name, string? bridge, string[] processes)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(processes.Where(process => Directory.Exists($"/proc/{process}") && !IsZombie(process)), Is.Empty);
            Assert.That(File.ReadAllText("/proc/self/mounts"), Does.Not.Contain($"confsync-lab.{name}."));
            Assert.That(Directory.GetDirectories("/tmp", $"confsync-lab.{name}.*"), Is.Empty);
            if (bridge != null) Assert.That(Directory.GetFileSystemEntries("/sys/class/net", $"{bridge}*"), Is.Empty);
        }
    }

    // A host whose first process does not reap keeps the number, and nothing else.
    private static bool IsZombie(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static string BridgeOf(Lab lab) => $"lab{lab.Primary.Address.Split('.')[2]}";

    private static async Task<string> DirectoryAsync(string name) =>
        (await LabScript.RunAsync("list")).Split('\n').Select(line => line.Split(' ')).Single(line => line[0] == name)[1];

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
