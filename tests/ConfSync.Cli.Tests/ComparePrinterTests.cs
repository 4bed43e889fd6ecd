using ConfSync.Protocol;
using ConfSync.Runs;

namespace ConfSync.Cli.Tests;

public sealed class ComparePrinterTests
{
    [TestCase(false, "nginx here also reads 4 files outside CONFPATHS, which stay as they are on the nodes: /a/1 /a/2 /a/3 … (all with -r)")]
    [TestCase(true, "    /a/4")]
    public void The_files_outside_are_counted_or_listed(bool verbose, string line)
    {
        var lines = new List<string>();
        var comparison = new Comparison(DateTimeOffset.UnixEpoch, TimeSpan.Zero, 0, []) { Outside = new OutsideFiles(4, ["/a/1", "/a/2", "/a/3", "/a/4"]) };

        new ComparePrinter(said => lines.Add(said.Text), lines.Add).Print(comparison, style: null, quiet: false, verbose);

        Assert.That(lines, Does.Contain(line));
    }
}
