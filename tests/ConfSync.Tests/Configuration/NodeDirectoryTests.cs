using ConfSync.Configuration;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

/// <summary>The directory beside the configuration file.</summary>
public sealed class NodeDirectoryTests
{
    private const uint Someone = 1000;

    private DirectoryInfo directory = null!;

    [SetUp]
    public void CreateDirectory() => directory = Directory.CreateTempSubdirectory("nginx-sync-nodes-");

    [TearDown]
    public void DeleteDirectory() => directory.Delete(recursive: true);

    [TestCase("/etc/nginx-sync.conf", "/etc/nginx-sync.d")]
    [TestCase("/srv/a.conf.conf", "/srv/a.conf.d")]
    [TestCase("/srv/cluster", "/srv/cluster.d")]
    [TestCase("/srv/../etc/x.conf", "/etc/x.d")]
    public void It_is_called_after_the_configuration_file(string file, string expected) =>
        Assert.That(NodeDirectory.Of(file).Path, Is.EqualTo(expected));

    [Test]
    public void A_node_is_found_as_NODES_writes_it_then_by_its_host()
    {
        Write("nginx-sync.d/nodes/web1.conf", "ADDRESS=192.0.2.11\nPORT=80\n");
        Write("nginx-sync.d/nodes/root@web1:22.conf", "ADDRESS=192.0.2.99\n");
        Write("nginx-sync.d/nodes/web2/files/etc/nginx/x", "");
        var result = Load("NODES='web1 root@web1:22 ada@web2'\n" + Minimum);
        var (config, nodes) = (result.Config!.PerNode, result.Config.Nodes);

        Assert.That(result.Problems, Is.Empty);
        Assert.That(config.ValueOf(nodes[0], "ADDRESS"), Is.EqualTo("192.0.2.11"));
        Assert.That(config.ValueOf(nodes[1], "ADDRESS"), Is.EqualTo("192.0.2.99"));
        Assert.That(config.ValueOf(nodes[1], "PORT"), Is.Null);
        Assert.That(config.ValueOf(nodes[2], "NODE"), Is.EqualTo("web2"));
        Assert.That(config.FilesPathOf(nodes[2]), Is.EqualTo($"{directory.FullName}/nginx-sync.d/nodes/web2/files"));
        Assert.That(config.FilesPathOf(nodes[0]), Is.Null);
        Assert.That(config.ValuesPathOf(nodes[2]), Does.EndWith("/nodes/web2.conf"));
    }

    [Test]
    public void What_is_called_after_no_node_is_warned_of_and_a_mistake_has_its_line()
    {
        Write("nginx-sync.d/nodes/wbe1.conf", "A=1");
        Write("nginx-sync.d/nodes/web2/files/etc/nginx/x", "");
        Write("nginx-sync.d/nodes/web2/files.conf", "not read");
        Assert.That(Problems("NODES=web1\n" + Minimum), Is.EqualTo(
        [
            "nodes/wbe1.conf: no node of NODES is called wbe1: it has no effect. Did you mean web1? (warning)",
            "nodes/web2: no node of NODES is called web2: it has no effect. Did you mean web1? (warning)",
        ]));

        Write("nginx-sync.d/nodes/web1.conf", "A=1\nB=$(date)");
        Assert.That(Problems("NODES='web1 wbe1 web2'\n" + Minimum).Single(), Does.StartWith("nodes/web1.conf:2: "));
    }

    [Test]
    public void It_is_not_what_is_pushed()
    {
        Write("nginx-sync.d/nodes/web1.conf", "A=1");
        Assert.That(
            Problems($"NODES=web1\nCONFPATHS={directory.FullName}\n").Single(), Does.StartWith("holds what differs from node to node"));
    }

    [Test]
    public void Root_does_not_trust_what_others_may_write()
    {
        if (Platform.Posix.EffectiveUserId != 0) Assert.Ignore("Only root can make files that belong to root.");
        Write("nginx-sync.d/nodes/web1.conf", "A=1");
        File.SetUnixFileMode($"{directory.FullName}/nginx-sync.d/nodes", (UnixFileMode)0b111_111_101);
        Write("nginx-sync.conf", "NODES=web1\n" + Minimum);

        var result = ConfigurationFile.Load($"{directory.FullName}/nginx-sync.conf", 0, Environment);

        Assert.That(result.Config, Is.Null);
        Assert.That(result.Problems.Single().Message, Does.StartWith("others than root may write it (mode 775)"));
    }

    private ConfigurationResult Load(string text)
    {
        Write("nginx-sync.conf", text);
        return ConfigurationFile.Load($"{directory.FullName}/nginx-sync.conf", Someone, Environment);
    }

    private string[] Problems(string text) => [.. Load(text).Problems.Select(problem =>
        (problem.ToString() + (problem.IsWarning ? " (warning)" : ""))[$"{directory.FullName}/nginx-sync.d".Length..].TrimStart('/', ':', ' '))];

    private void Write(string path, string text)
    {
        var file = new FileInfo($"{directory.FullName}/{path}");
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
