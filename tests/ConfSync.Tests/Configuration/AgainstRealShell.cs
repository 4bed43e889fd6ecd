using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfSync.Bytes;
using static ConfSync.Tests.Configuration.Reading;

namespace ConfSync.Tests.Configuration;

/// <summary>What a shell makes of a file is what this parser makes of it.</summary>
public sealed class AgainstRealShell
{
    private static readonly string[] Names = ["A", "B", "LONG_name_1"];

    [Test]
    public void Random_files_have_the_values_that_sh_gives_them([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var files = Enumerable.Range(0, 400).Select(_ => RandomFile(random)).ToList();

        var expected = ValuesBySh(files);

        for (var i = 0; i < files.Count; i++)
        {
            var parsed = Assignments(files[i]);
            Assert.That(parsed.Problems, Is.Empty, files[i]);
            var values = Names.Select(name =>
                parsed.Assignments.LastOrDefault(found => found.Name == name)?.Value ?? "");
            Assert.That(values, Is.EqualTo(expected[i]), files[i]);
        }
    }

    /// <summary>Has one shell read every file by itself.</summary>
    private static List<string[]> ValuesBySh(List<string> files)
    {
        var directory = Directory.CreateTempSubdirectory("nginx-sync-sh-");
        try
        {
            for (var i = 0; i < files.Count; i++)
            {
                File.WriteAllBytes(Path.Combine(directory.FullName, $"{i}"), BytesOf(files[i]));
            }
            var values = string.Join(' ', Names.Select(name => $"\"${{{name}-}}\""));
            var script = $"HOME=/home/ada; USER=ada; unset {string.Join(' ', Names)}; i=0; " +
                $"while [ $i -lt {files.Count} ]; do ( . ./$i; printf '%s\\0' {values} ); i=$((i+1)); done";
            var start = new ProcessStartInfo("sh", ["-c", script])
            {
                WorkingDirectory = directory.FullName,
                RedirectStandardOutput = true,
            };
            using var shell = Process.Start(start)!;
            using var output = new MemoryStream();
            shell.StandardOutput.BaseStream.CopyTo(output);
            shell.WaitForExit();
            return [.. PosixText.Decode(output.ToArray()).Split('\0').SkipLast(1).Chunk(Names.Length)];
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string RandomFile(Random random)
    {
        var text = new StringBuilder();
        var set = new List<string> { "HOME", "USER" };
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var isExport = random.Next(5) == 0;
            var name = Pick(random, Names);
            text.Append(isExport ? "export " : "").Append(name).Append('=').Append(Value(random, set, isExport));
            text.Append(Pick(
                random, "\n", "\n", "\n\n", ";", " ; ", " # a \"comment' \\\n", "\n# $(comment)\n", " \\\n \n"));
            if (!set.Contains(name)) set.Add(name);
        }
        return text.ToString();
    }

    private static string Value(Random random, List<string> set, bool isExport)
    {
        var value = new StringBuilder();
        for (var count = random.Next(5); count > 0; count--)
        {
            value.Append(random.Next(isExport ? 4 : 7) switch
            {
                0 => Single(random),
                1 or 2 => Double(random, set),
                3 => "\\" + Pick(random, "a", " ", "$", "\"", "'", "\\", "`", "|", ";", "#", "~", "\n"),
                // Older shells split what these give after export, as if it were not an assignment.
                4 => Reference(random, set),
                5 => Pick(random, ":~/", "~/", ":~:"),
                _ => Characters(random, "ab019_-+=/.,:@%^*?[]{}!#é"),
            });
        }
        return value.ToString();
    }

    private static string Single(Random random) => $"'{Characters(random, "ab $`\"\\\n|&;()<>#~é\uDCFF")}'";

    private static string Double(Random random, List<string> set)
    {
        var inside = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(4) switch
        {
            0 => Reference(random, set),
            1 => "\\" + Pick(random, "a", ".", "$", "`", "\"", "\\", "\n", "'", " "),
            2 => Pick(random, "$/", "$.", "$ ", "$\\\\"),
            _ => Characters(random, "ab '\n|&;()<>#~!é\uDCFF"),
        }));
        return $"\"{inside}\"";
    }

    private static string Reference(Random random, List<string> set) =>
        string.Format(CultureInfo.InvariantCulture, Pick(random, "${0}.", "${{{0}}}"), Pick(random, [.. set]));

    private static string Characters(Random random, string alphabet) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => alphabet[random.Next(alphabet.Length)]));

    private static string Pick(Random random, params string[] choices) => choices[random.Next(choices.Length)];
}
