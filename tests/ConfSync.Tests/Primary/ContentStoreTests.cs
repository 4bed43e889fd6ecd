using System.Security.Cryptography;
using System.Text;
using ConfSync.Primary;
using ConfSync.Trees;

namespace ConfSync.Tests.Primary;

/// <summary>The contents that nodes get.</summary>
public sealed class ContentStoreTests
{
    [Test]
    public async Task Contents_are_told_apart_by_what_they_are_and_each_is_read_once()
    {
        var read = new List<string>();
        using var store = new ContentStore((files, _) =>
        {
            read.AddRange(files.Select(file => file.Path));
            return Task.FromResult<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(files.ToDictionary(
                file => file.Digest!, file => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes(file.Path == "/etc/b" ? "other" : "same")));
        });
        var (one, other, same) = (File("/etc/a", "same"), File("/etc/b", "other"), File("/etc/c", "same"));

        await store.LoadAsync([one, same], default);
        await store.LoadAsync([same, other], default);
        store.Add(Digest("own"), "own"u8.ToArray());

        Assert.That(read, Is.EqualTo(["/etc/a", "/etc/b"]));
        Assert.That(Text(store.Of(same)), Is.EqualTo("same"));
        Assert.That(Text(store.Of(other)), Is.EqualTo("other"));
        // Two nodes, one path.
        Assert.That(Text(store.Of(File("/etc/b", "own"))), Is.EqualTo("own"));
    }

    private static string Text(ReadOnlyMemory<byte> content) => Encoding.ASCII.GetString(content.Span);

    private static string Digest(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(content)));

    private static Entry File(string path, string content) => SampleTrees.File(path, content) with { Digest = Digest(content) };
}
