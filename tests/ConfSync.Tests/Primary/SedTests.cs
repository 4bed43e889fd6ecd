using System.Text;
using ConfSync.Bytes;
using ConfSync.Configuration;
using ConfSync.Primary;

namespace ConfSync.Tests.Primary;

public sealed class SedTests
{
    private string directory = "";

    [SetUp]
    public void CreateDirectory() => directory = Directory.CreateTempSubdirectory("sed-test-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(directory, recursive: true);

    [TestCase(@"s/192\.168\.2\.1/192.168.2.2/", "ip 192.168.2.1;\n", "ip 192.168.2.2;\n")]
    [TestCase("s/a b/c d/;s/x/y/", "a b x\n", "c d y\n")]
    [TestCase("s/a/b/", "no end of line: a", "no end of line: b")]
    [TestCase("s/a/b/", "", "")]
    [TestCase("s/a/b/", "a\0\r\n", "b\0\r\n")]
    [TestCase("s/é/è/", "café\n", "cafè\n")]
    [TestCase("s/$(id)/`id`/", "$(id)\n", "`id`\n")]
    [TestCase("--version", "a\n", null)]
    public async Task Content_is_rendered(string expression, string content, string? expected)
    {
        var rendering = new Sed("/bin/sed").RenderAsync(Rule(expression), PosixText.Encode(content));

        if (expected is null) Assert.ThrowsAsync<PostSyncException>(async () => await rendering);
        else Assert.That(PosixText.Decode(await rendering), Is.EqualTo(expected));
    }

    // Not among the cases above: an attribute cannot hold a lone surrogate.
    [Test]
    public async Task Bytes_that_are_not_UTF_8_survive_and_are_matched()
    {
        byte[] content = [0xFF, (byte)'a', 0x80, (byte)'\n'];

        Assert.That(
            await new Sed("/bin/sed").RenderAsync(Rule("s/a/b/"), content),
            Is.EqualTo(new byte[] { 0xFF, (byte)'b', 0x80, (byte)'\n' }));
        Assert.That(await new Sed("/bin/sed").RenderAsync(Rule("s/^.*$//"), content), Is.EqualTo("\n"u8.ToArray()));
    }

    [Test]
    public async Task An_expression_that_is_not_UTF_8_is_taken_by_its_bytes()
    {
        Assert.That(
            await new Sed("/bin/sed").RenderAsync(Rule("s/\uDCE9/e/"), new byte[] { 0xE9, (byte)'\n' }), Is.EqualTo("e\n"u8.ToArray()));
    }

    [Test]
    public async Task Content_may_be_larger_than_a_pipe_and_not_be_read_to_its_end()
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("line\n", 200_000)));

        Assert.That(await new Sed("/bin/sed").RenderAsync(Rule("s/x/y/"), content), Is.EqualTo(content));
        Assert.That(await new Sed("/bin/sed").RenderAsync(Rule("1q"), content), Is.EqualTo(content[..5]));
    }

    [TestCase("s/a/b", "unterminated")]
    [TestCase("1e id", "sandbox")]
    [TestCase("w /tmp/x", "sandbox")]
    [TestCase("r /etc/passwd", "sandbox")]
    [TestCase("q5", "status 5")]
    [TestCase("s/\0/e/", "NUL")]
    public void A_failing_expression_is_named_with_what_sed_says(string expression, string why)
    {
        var failure = Assert.ThrowsAsync<PostSyncException>(
            async () => await new Sed("/bin/sed").RenderAsync(Rule(expression), "a\n"u8.ToArray()));

        Assert.That(failure!.Message, Does.Contain("/c/file").And.Contain(PosixText.Printable(expression)).And.Contain(why));
    }

    [Test]
    public async Task A_sed_without_a_sandbox_does_as_well()
    {
        var busybox = $"{directory}/sed";
        File.CreateSymbolicLink(busybox, "/usr/bin/busybox");

        Assert.That(await new Sed(busybox).RenderAsync(Rule("s/a/b/"), "a"u8.ToArray()), Is.EqualTo("b"u8.ToArray()));
    }

    [Test]
    public void A_sed_that_is_not_there_is_named()
    {
        Assert.That(
            async () => await new Sed("/no/sed").RenderAsync(Rule("s/a/b/"), default),
            Throws.TypeOf<PostSyncException>().With.Message.Contains("/no/sed"));
    }

    [Test]
    public void An_expression_that_never_ends_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.That(
            async () => await new Sed("/bin/sed").RenderAsync(Rule(":a;ba"), "a\n"u8.ToArray(), cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private static PostSyncRule Rule(string expression) => new("/c/file", expression);
}
