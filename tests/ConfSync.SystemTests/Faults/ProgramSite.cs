using System.Security.Cryptography;
using System.Text;

namespace ConfSync.SystemTests.Faults;

/// <summary>The site that a random program's nodes answer with.</summary>
internal static class ProgramSite
{
    public const string File = "/etc/nginx/conf.d/default.conf";

    public const string Poison = "/etc/nginx/conf.d/poison.conf";

    private static readonly Dictionary<string, string> Words = RandomProgram.Words.ToDictionary(
        word => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Answering(word)))));

    public static string Answering(string word) =>
        $$"""server { listen 80 default_server; location / { return 200 "{{word}}"; } }""";

    /// <summary>What nginx answers with once it has read this tree; empty if the site is not in it.</summary>
    public static string WordOf(HeldTree tree) =>
        tree[File] is { } entry && Words.TryGetValue(entry[(entry.LastIndexOf(' ') + 1)..], out var word) ? word : "";

    /// <summary>A file that is missing on that peer.</summary>
    public static string MissingOn(int peer) => $"/etc/missing-on-{peer}.conf";

    /// <summary>A port that is taken on that peer.</summary>
    public static int TakenOn(int peer) => 8080 + peer;

    public static string PoisonFor(Poison poison, int peer) => poison switch
    {
        Faults.Poison.Broken => "boo\n",
        Faults.Poison.Rejected => $"include {MissingOn(peer)};\n",
        _ => $"server {{ listen {TakenOn(peer)}; }}\n",
    };
}
