using System.Diagnostics;
using System.Text;
using ConfSync.Protocol;
using ConfSync.Services;

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
        string[] runner = mode switch
        {
            ConversationMode.Push => ["run", "push", "0123456789abcdef", "root@here"],
            ConversationMode.DryRun => ["run", "dry-run", "0123456789abcdef", "root@here"],
            _ => [],
        };
        return runner is []
            ? Greet(shell, mode, $"hello 1 {new string('a', 32)} {mode.ToString().ToLowerInvariant()} 0123456789abcdef root@here", requests)
            : Run(shell, Reader, mode, runner, requests);
    }

    /// <summary>What it answers to this greeting and these requests. Not for a push or a dry run, which take the lock.</summary>
    public static string Greet(string shell, ConversationMode mode, string greeting, params IEnumerable<string> requests) =>
        Run(shell, Reader, mode, [], requests.Prepend(greeting));

    /// <summary>What commands print that use the functions of a mode's script. They have the working directory of no
    /// session.</summary>
    public static string Evaluate(string shell, ConversationMode mode, string commands) =>
        Run(shell, $"{Reader}; LC_ALL=C; shift; eval \"$1\"", mode, ["functions only", commands], []);

    private static string Run(string shell, string reader, ConversationMode mode, string[] arguments, IEnumerable<string> lines)
    {
        var words = shell.Split(' ');
        using var process = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], "-c", reader, "nginx-sync", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var script = PeerScript.Of(mode, ServiceSet.Default);
        var input = process.StandardInput.BaseStream;
        try
        {
            input.Write(Encoding.ASCII.GetBytes($"{script.Length}\n"));
            input.Write(script.Span);
            input.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
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
