using System.Globalization;
using System.Text.RegularExpressions;

namespace ConfSync.Protocol;

/// <summary>Puts together what the script's doctor_answer says (look/doctor.sh).</summary>
internal sealed partial class CheckupReader
{
    private const int Kibi = 1024;

    private readonly List<uint> logins = [];
    private readonly HashSet<string> lacking = new(StringComparer.Ordinal);
    private readonly List<DiskRoom> disks = [];
    private readonly List<ProgramBeside> others = [];
    private readonly List<string> facts = [];
    private string? noView;
    private bool isLocked;
    private string? unfinished;
    private string? unseen;
    private OpenFiles? openFiles;
    private NginxCheckup nginx = new(NginxPresence.Stopped, "", "");

    public Checkup Checkup => new(
        [.. logins], [.. lacking], [.. disks], noView, isLocked, unfinished, unseen,
        nginx with { Configuration = NginxConfiguration.Parse(facts, ArgumentIn(nginx.Build, "prefix") ?? "/etc/nginx") }, openFiles, [.. others]);

    /// <summary>The value of an argument of nginx's build, such as <c>prefix</c>; null where it has none.</summary>
    public static string? ArgumentIn(string build, string name) =>
        Argument().Matches(build).FirstOrDefault(match => match.Groups["name"].Value == name)?.Groups["value"].Value;

    /// <exception cref="ProtocolException">The answer is not one to "doctor".</exception>
    /// <exception cref="FormatException">A number cannot be read.</exception>
    public void Add(Answer answer)
    {
        switch (answer)
        {
            case { Kind: "login", Tokens: { Length: > 0 } users }:
                logins.AddRange(users.Select(user => uint.Parse(user, NumberStyles.None, CultureInfo.InvariantCulture)));
                break;
            case { Kind: "lacks", Tokens: [var program] }:
                lacking.Add(program);
                break;
            case { Kind: "view", Tokens: [] }:
                break;
            case { Kind: "locked", Tokens: [] }:
                isLocked = true;
                break;
            case { Kind: "files", Tokens: [var used, var most] }:
                openFiles = new OpenFiles(Number(used), Number(most));
                break;
            case { Kind: "no-program", Tokens: [] }:
                nginx = nginx with { Presence = NginxPresence.NoProgram };
                break;
            case { Kind: "text", Tokens: [var kind, ..] }:
                AddText(kind, answer);
                break;
            default:
                throw ScriptSession.Unexpected(answer);
        }
    }

    private void AddText(string kind, Answer answer)
    {
        var text = answer.Text;
        switch (kind)
        {
            case "disk":
                disks.Add(DiskOf(text.Split('\n')));
                break;
            case "no-view":
                noView = text;
                break;
            case "unfinished":
                unfinished = text;
                break;
            case "unseen":
                unseen = text;
                break;
            case "build":
                nginx = nginx with { Build = text };
                break;
            case "stopped":
                nginx = nginx with { Words = text };
                break;
            case "uncertain":
                nginx = nginx with { Presence = NginxPresence.Uncertain, Words = text };
                break;
            case "master":
                nginx = MasterOf(text.Split('\n'));
                break;
            case "fact":
                facts.Add(text);
                break;
            case "beside" when text.Split('\n', 4) is [var name, var runs, var status, .. var words]:
                others.Add(new ProgramBeside(name, runs == "yes", int.Parse(status, NumberStyles.None, CultureInfo.InvariantCulture), string.Concat(words)));
                break;
            default:
                throw ScriptSession.Unexpected(answer);
        }
    }

    private NginxCheckup MasterOf(string[] lines) => lines is [var pid, var program, var limit]
        ? nginx with
        {
            Presence = NginxPresence.Runs,
            Master = int.Parse(pid, NumberStyles.None, CultureInfo.InvariantCulture),
            Program = program.Replace(" (deleted)", "", StringComparison.Ordinal),
            OpenFileLimit = long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : null,
        }
        : throw new FormatException("a master is said in three lines");

    // A missing df leaves out the last lines.
    private static DiskRoom DiskOf(string[] lines)
    {
        if (lines.Length < 3) throw new FormatException("a disk is said in five lines");
        var (room, inodes) = (DfLine().Match(lines.ElementAtOrDefault(3) ?? ""), DfLine().Match(lines.ElementAtOrDefault(4) ?? ""));
        // A file system that makes inodes as they are needed says that it has none.
        var hasInodes = inodes.Success && inodes.Groups["all"].Value != "0";
        return new DiskRoom(
            lines[0], lines[1], lines[2] == "yes", room.Success ? (long)Number(room.Groups["free"].Value) * Kibi : null,
            hasInodes ? (long)Number(inodes.Groups["free"].Value) : null, room.Success ? room.Groups["mount"].Value : null);
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    // df -P: file system, size, used, free, use in percent, where.
    [GeneratedRegex(@" (?<all>\d+) +(\d+|-) +(?<free>\d{1,15}) +(\d+%|-) +(?<mount>/.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex DfLine();

    [GeneratedRegex(@"--(?<name>[\w-]+)(=(?<value>[^\s']+))?", RegexOptions.ExplicitCapture)]
    private static partial Regex Argument();
}
