using System.Diagnostics;
using System.Text;
using ConfSync.Protocol;

namespace ConfSync.Tests.Protocol;

/// <summary>A real shell of this machine that runs the script of a mode and is told anything.</summary>
internal static class RealShell
{
    /// <summary>Those that peers have.</summary>
    public static readonly string[] All = ["dash", "bash", "busybox sh"];

    private const string Reader = """read -r n; s=$(dd bs=$n count=1 iflag=fullblock 2>/dev/null); eval "$s" """;

    /// <summary>What the script answers to these requests. Of a push and a dry run it is the runner, without lock and parent:
    /// nothing is written on this machine.</summary>
    public static string Ask(string shell, ConversationMode mode, params IEnumerable<string> requests)
    {
        var words = shell.Split(' ');
        var runner = mode switch
        {
            ConversationMode.Push => new[] { "nginx-sync", "run", "push", "0123456789abcdef", "root@here" },
            ConversationMode.DryRun => ["nginx-sync", "run", "dry-run", "0123456789abcdef", "root@here"],
            _ => [],
        };
        using var process = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], "-c", Reader, .. runner])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var script = PeerScript.Of(mode);
        var greeting = runner is [] ? $"hello 1 {new string('a', 32)} {mode.ToString().ToLowerInvariant()} 0123456789abcdef root@here\n" : "";
        var input = process.StandardInput.BaseStream;
        try
        {
            input.Write(Encoding.ASCII.GetBytes($"{script.Length}\n"));
            input.Write(script.Span);
            input.Write(Encoding.UTF8.GetBytes(greeting + string.Concat(requests.Select(request => request + "\n"))));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has refused before it had read all.
        }
        process.WaitForExit();
        return said.Result + errors.Result;
    }
}
