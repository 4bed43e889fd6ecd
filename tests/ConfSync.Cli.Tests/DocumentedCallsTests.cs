using ConfSync.Cli.Commands;
using ConfSync.Tests;
using ConfSync.Timing;

namespace ConfSync.Cli.Tests;

/// <summary>Each call of nginx-sync that README.md and docs/*.md print is one that the command takes.</summary>
public sealed class DocumentedCallsTests
{
    private static readonly CommandLine Line = new(options => new CommandRunner(options, StartDirectory.Leave(), new Timeline(), new Interruption()), StartDirectory.Leave());

    private static IEnumerable<TestCaseData> Calls =>
        DocumentedCalls.All.Select(found => new TestCaseData(found.Call).SetArgDisplayNames($"{found.File}: {found.Call}"));

    [TestCaseSource(nameof(Calls))]
    public void It_is_taken(string call) => Assert.That(Line.Root.Parse(call).Errors.Select(error => error.Message), Is.Empty);

    [Test]
    public void They_are_found() => Assert.That(
        DocumentedCalls.In("""
            Run `nginx-sync history NODE -r`, or `nginx-sync diff [NODE…]`; `nginx-sync: this is a message`.
            ```sh
            sudo nginx-sync --node web1 && nginx-sync -C >/tmp/out   # both
            0 3 * * * root /usr/local/sbin/nginx-sync -q -l /var/log/nginx-sync.log
            cat /etc/nginx-sync.conf
            ```
            """),
        Is.EqualTo(["history web1 -r", "diff web1", "--node web1", "-C", "-q -l /var/log/nginx-sync.log"]));
}
