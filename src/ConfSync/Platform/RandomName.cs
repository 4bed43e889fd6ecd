using System.Security.Cryptography;

namespace ConfSync.Platform;

/// <summary>Makes names that no other process can guess.</summary>
internal static class RandomName
{
    /// <returns>Two hexadecimal digits for each of <paramref name="bytes"/>.</returns>
    public static string Of(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));
}
