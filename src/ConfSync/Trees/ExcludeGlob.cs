using System.Text;
using ConfSync.Bytes;

namespace ConfSync.Trees;

/// <summary>
/// File names as Microsoft.Extensions.FileSystemGlobbing can be trusted with them. It takes a backslash for a slash and
/// <c>*.*</c> for <c>*</c>, and names are any bytes; so it never sees a name, only each byte as two letters: the upper
/// half as a…p, the lower as A…P. As the halves have letters of their own, no part of a name is found where there is
/// none.
/// </summary>
internal static class ExcludeGlob
{
    /// <summary>A name of a pattern: what is no <c>*</c> is literal.</summary>
    public static string OfName(string name) => string.Join('*', name.Split('*').Select(Literal));

    /// <summary>A relative path: all of it is literal.</summary>
    public static string OfPath(string path) => string.Join('/', path.Split('/').Select(Literal));

    private static string Literal(string text)
    {
        var letters = new StringBuilder();
        foreach (var b in PosixText.Encode(text)) letters.Append((char)('a' + (b >> 4))).Append((char)('A' + (b & 15)));
        return letters.ToString();
    }
}
