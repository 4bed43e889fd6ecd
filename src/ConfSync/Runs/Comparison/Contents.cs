using ConfSync.Bytes;
using ConfSync.Changes;

namespace ConfSync.Runs;

/// <summary>Compares the contents of two files. Passwords in lines of text are masked. Pure.</summary>
internal static class Contents
{
    /// <param name="remote">The content on the node; empty where there is no file.</param>
    /// <param name="local">The content on the primary; empty where there is no file.</param>
    /// <param name="showsPasswords">SHOW names the file, so that passwords in it are shown.</param>
    public static ContentDiff Diff(ReadOnlyMemory<byte> remote, ReadOnlyMemory<byte> local, bool showsPasswords = false)
    {
        if (IsSecret(remote.Span, showsPasswords) || IsSecret(local.Span, showsPasswords)) return ContentDiff.Without(ContentDiffKind.Secret);
        if (remote.Span.Contains((byte)0) || local.Span.Contains((byte)0)) return ContentDiff.Without(ContentDiffKind.Binary);
        if (!System.Text.Unicode.Utf8.IsValid(remote.Span) || !System.Text.Unicode.Utf8.IsValid(local.Span))
        {
            return ContentDiff.Without(ContentDiffKind.NotUtf8);
        }
        var there = PosixText.Decode(remote.Span);
        var hunks = Hunks.Between(there, PosixText.Decode(local.Span));
        return new ContentDiff(ContentDiffKind.Text, showsPasswords ? hunks : InlineSecrets.Masked(hunks, there));
    }

    private static bool IsSecret(ReadOnlySpan<byte> content, bool showsPasswords) =>
        KeyMaterial.HoldsPrivateKey(content) || (!showsPasswords && KeyMaterial.HoldsPasswords(content));
}
