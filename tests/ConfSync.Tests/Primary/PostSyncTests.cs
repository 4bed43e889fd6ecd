using System.Security.Cryptography;
using System.Text;
using ConfSync.Configuration;
using ConfSync.Primary;
using ConfSync.Trees;
using static ConfSync.Tests.SampleTrees;

namespace ConfSync.Tests.Primary;

public class PostSyncTests
{
    private static readonly Snapshot Primary = Of(
        Directory("/c"), File("/c/a", "one"), File("/c/b", "other", mode: 0x180), Link("/c/l", "a"));

    [Test]
    public async Task Rules_for_one_file_are_applied_one_after_the_other()
    {
        var result = await ApplyAsync(new("/c/a", "s/one/two/"), new("/c/a", "s/two/three/"));

        var rendered = "three"u8.ToArray();
        Assert.That(result.Contents["/c/a"].ToArray(), Is.EqualTo(rendered));
        Assert.That(result.Desired["/c/a"], Is.EqualTo(Primary["/c/a"]! with
        {
            Size = 5,
            Digest = Convert.ToHexStringLower(SHA256.HashData(rendered)),
        }));
        Assert.That(result.Problems, Is.Empty);
    }

    [Test]
    public async Task What_no_rule_names_stays_as_it_is()
    {
        var result = await ApplyAsync(new PostSyncRule("/c/a", "s/one/two/"));

        Assert.That(result.Contents.Keys, Is.EqualTo(Enumerable.Repeat("/c/a", 1)));
        Assert.That(
            result.Desired.Entries.Where(entry => entry.Path != "/c/a"),
            Is.EqualTo(Primary.Entries.Where(entry => entry.Path != "/c/a")));
    }

    [Test]
    public async Task A_rule_without_a_regular_file_is_a_problem_that_names_it()
    {
        var result = await ApplyAsync(new("/c/missing", "s/a/b/"), new("/c/l", "s/a/b/"), new("/c", "s/a/b/"));

        Assert.That(result.Problems.Select(problem => (problem.Rule.File, problem.IsThere)), Is.EqualTo(new[]
        {
            ("/c/missing", false), ("/c/l", true), ("/c", true),
        }));
        Assert.That(result.Desired, Is.SameAs(Primary));
    }

    private static Task<PostSynced> ApplyAsync(params PostSyncRule[] rules) => PostSync.ApplyAsync(
        Primary, rules, async (rule, before, stop) => await new Sed("/bin/sed").RenderAsync(rule, before, stop), (entry, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(
            Encoding.ASCII.GetBytes(entry.Path == "/c/a" ? "one" : "other")));
}
