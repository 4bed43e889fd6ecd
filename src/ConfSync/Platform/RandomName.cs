using System.Security.Cryptography;

namespace ConfSync.Platform;

/// <summary>Names that nobody can guess.</summary>
internal static class RandomName
{
    /// <returns>Two hexadecimal digits for each of <paramref name="bytes"/>.</returns>
    public static string Of(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
