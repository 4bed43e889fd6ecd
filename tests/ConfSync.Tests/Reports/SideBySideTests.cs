using System.Text;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Tests.Reports;

/// <summary>The two columns of -w, as they were looked at on a terminal.</summary>
public sealed class SideBySideTests
{
    private const string Remote = """
        server {
        	listen 80;
          server_name 例え.jp www.例え.jp a-name-that-is-longer-than-a-column.example.com;
          # 日本語のとても長いコメントは列の幅に収まりません
          # café résumé
          add_header X "	tab";
          # gone 😀
          return 301 https://$host$request_uri;
        }
        """;

    private const string Local = """
        server {
        	listen 8080;
          server_name 例え.jp www.例え.jp a-name-that-is-longer-than-a-column.example.org;
          # 日本語のとても長いコメントは列の幅に収まります
          # cafe\u0301 re\u0301sume\u0301
          add_header X "	TAB\e[31m";
          return 301 https://$host$request_uri;
        }
        # new\r

        """;

    [TestCase(60)]
    [TestCase(100)]
    [TestCase(20, TestName = "Less_than_60_columns_are_60")]
    public void Columns_stay_columns_whatever_a_line_holds(int width)
    {
        var golden = File.ReadAllText(Repository.File($"tests/ConfSync.Tests/Reports/side-by-side-{Math.Max(width, 60)}.txt"));
        Assert.That(Shown(new DiffStyle(Color: false, Inexact: true, width)), Is.EqualTo(golden));
    }

    [Test]
    public void Colours_are_around_the_columns_and_change_nothing_else()
    {
        var plain = Shown(new DiffStyle(Color: false, Inexact: true, 100));
        var colored = Shown(new DiffStyle(Color: true, Inexact: true, 100));
        Assert.That(colored, Does.Contain("\e[31m").And.Contain("\e[32m"));
        Assert.That(string.Join('\n', System.Text.RegularExpressions.Regex.Replace(colored, "\e\\[[0-9]*m", "").Split('\n')
            .Select(line => line.TrimEnd())), Is.EqualTo(plain));
    }

    private static string Shown(DiffStyle style)
    {
        var local = Local.Replace(@"\u0301", "\u0301", StringComparison.Ordinal).Replace(@"\e", "\e", StringComparison.Ordinal)
            .Replace(@"\r", "\r", StringComparison.Ordinal);
        var node = new NodeComparison(
            Node.TryParse("peer", out var address, out _) ? address : throw new ArgumentException("peer"),
            [UnifiedDiffTests.Entry("/etc/nginx/conf.d/site.conf", Remote, local)], NginxState.Current, null, null, TimeSpan.Zero);
        var text = new StringBuilder();
        foreach (var line in DiffText.Lines(node, style)) text.Append(line).Append('\n');
        return text.ToString();
    }
}
