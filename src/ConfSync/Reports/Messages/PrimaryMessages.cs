using ConfSync.Configuration;
using ConfSync.Primary;

namespace ConfSync.Reports;

/// <summary>The codes of what is wrong on the primary, or with the run as a whole: NS-10… the configuration file, NS-11…
/// what another run holds or left, NS-12… the primary's files, and NS-13… what programs here say.</summary>
internal static class PrimaryMessages
{
    private const string PerNode = "[What differs from node to node](manual.md#what-differs-from-node-to-node)";

    /// <summary>What is wrong with the configuration file.</summary>
    public static IReadOnlyDictionary<ConfigurationArea, MessageCode> OfConfiguration { get; } = MessageCode.Table<ConfigurationArea>(
    [
        (ConfigurationArea.File, new(1001, "The configuration file cannot be read, or is not to be trusted",
            "It is not there, it is no text, this user may not read it, or others than root may write it, who could change what is pushed.",
            "The message says which. `nginx-sync init` writes a first one.")),
        (ConfigurationArea.Syntax, new(1002, "A line of the configuration file is not one that nginx-sync reads",
            "The file holds shell assignments, which are read and never executed. Text that needs a shell is an error.",
            "The message says the line and what to write instead: [Configuration file](manual.md#configuration-file). For a file of `nginx-sync.sh`: `nginx-sync migrate`.")),
        (ConfigurationArea.Value, new(1003, "A variable of the configuration file has a value that it cannot have",
            "Or a required variable is missing, a name is misspelt, or two variables contradict each other.",
            "The message says the line and what to write instead. `nginx-sync help NODES` says what a variable is for; [Variables](manual.md#variables) has all of them.")),
        (ConfigurationArea.Inventory, new(1004, "The inventory that `NODES` refers to cannot be used",
            "The program of `INVENTORY` is not there, failed or took too long, it printed no inventory, or the inventory has no such group or host.",
            "Run the program by hand, as the same user: `ansible-inventory --list`. See [Nodes of an Ansible inventory](manual.md#nodes-of-an-ansible-inventory).")),
    ]);

    /// <summary>What a program said at a step.</summary>
    public static IReadOnlyDictionary<PrimaryStep, MessageCode> OfSteps { get; } = MessageCode.Table<PrimaryStep>(
    [
        (PrimaryStep.ReadCommitRecord, new(1107, "The record of an earlier push to all or none cannot be read",
            "This user may not read it, or others than root may write it or its directory.",
            "See who owns `/var/lib/nginx-sync`: [Directories of nginx-sync](manual.md#directories-of-nginx-sync).")),
        (PrimaryStep.Test, new(1301, "The primary's own nginx rejects the configuration, or could not be asked",
            "The words of nginx, or of what keeps it from being asked, are below the message. No node was changed.",
            "Correct the configuration here. If nginx is elsewhere, set `NGINX`.")),
        (PrimaryStep.Scan, new(1302, "The primary's files could not be looked at",
            "The message says what could not be read, or which path is a mount point.",
            "Correct what it names, or exclude it.")),
        (PrimaryStep.PostSync, new(1303, "An expression of `POSTSYNC` could not be applied",
            "sed's own words are below the message.",
            "Correct the expression: [POSTSYNC](manual.md#postsync).")),
        (PrimaryStep.ReadContents, new(1304, "The primary's files could not be read",
            "The message says which file, and why.",
            "Correct its mode, or exclude it.")),
        (PrimaryStep.Save, new(1305, "The primary's files could not be saved to `BACKUPDIR`",
            "No room, no right to write, or others than root may write to it.",
            "Correct that: [Directories of nginx-sync](manual.md#directories-of-nginx-sync).")),
        (PrimaryStep.Remember, new(1306, "What the primary remembers of runs could not be read or written",
            "No room, or others than root may write to `/var/lib/nginx-sync`. Without it, a push could overwrite what this machine went back from.",
            "Correct that: [Directories of nginx-sync](manual.md#directories-of-nginx-sync).")),
    ]);

    /// <summary>All else.</summary>
    public static IReadOnlyDictionary<Type, MessageCode> Of { get; } = MessageCode.Table<Type>(
    [
        (typeof(LockProblem.Held), new(1101, "Another process holds this primary's lock",
            "One push at a time is made from a primary. The message names the process, if the system does.",
            "Wait, or run with `--wait SECONDS`. The lock ends with its process: remove nothing.")),
        (typeof(LockProblem.NotOpened), new(1102, "The lock file cannot be opened",
            "Another user made it, its directory is missing, or it is a symbolic link or a pipe.",
            "Set `LOCKFILE` to a file in a directory that only this user may write.")),
        (typeof(LockProblem.NoSudo), new(1103, "sudo on the primary does not let this user work as root",
            "The user is not root, and sudo asks for a password or has no rule for it.",
            "The message has the rule; or use `-u`: [Logins without root](manual.md#logins-without-root).")),
        (typeof(RunError.OtherUnfinished), new(1104, "A push to all or none of another configuration file is not finished",
            "A primary has one record of such a push, so that one has to be finished first.",
            "Run the command that the message names: `nginx-sync settle` with that file.")),
        (typeof(RunError.EarlierUnfinished), new(1105, "An earlier push to all or none has to be finished first",
            "It was decided, and a node could not be given it yet; that node's own lines say why.",
            "Mend that node, then run again, or `nginx-sync settle`: [All or none](manual.md#all-or-none).")),
        (typeof(PrimaryFault.CommitRecordDamaged), new(1106, "The record of an earlier push to all or none is damaged",
            "`/var/lib/nginx-sync/decision` is not as nginx-sync wrote it. Nodes of that push may hold the new configuration or the old one.",
            "Compare all nodes (`nginx-sync -C`), move the file away, and push.")),
        (typeof(FileProblem.Missing), new(1201, "`CONFPATHS` names a path that is not there",
            "It is misspelt, or gone; or this user may not see it.",
            "Correct `CONFPATHS`. Separate paths with blanks.")),
        (typeof(FileProblem.Special), new(1202, "A socket, device or fifo cannot be pushed",
            "It lies under `CONFPATHS`.",
            "Remove it or exclude it.")),
        (typeof(FileProblem.Unreadable), new(1203, "A file of the primary cannot be read",
            "This user may not read it, or the disk does not give it.",
            "Correct its mode, run as root, or exclude it.")),
        (typeof(FileProblem.TooLarge), new(1204, "A file is too large to be pushed",
            "The message says what the most is.",
            "Keep it elsewhere, or exclude it.")),
        (typeof(FileProblem.ForeignDirectories), new(1205, "Another user may write to a directory that the push works in, on the primary",
            "That user could swap a file for a link while root works there.",
            "Give the directory to root, or exclude it: [Directories of other users](manual.md#directories-of-other-users).")),
        (typeof(FileProblem.NoTemplate), new(1206, "`TEMPLATES` names a file that is not there",
            "It is misspelt, or gone.",
            $"Correct `TEMPLATES`: {PerNode}.")),
        (typeof(FileProblem.TemplateExcluded), new(1207, "`EXCLUDE` takes out what `TEMPLATES` names",
            "What is excluded is never pushed.",
            "Remove it from one of them.")),
        (typeof(FileProblem.OwnFileOutside), new(1208, "A node's own file is not beneath `CONFPATHS`",
            "Only what is beneath `CONFPATHS` is pushed, also of the files that one node has.",
            $"Move it, or add its path: {PerNode}.")),
        (typeof(FileProblem.NoValue), new(1209, "A node has no value for a mark of a template",
            "The message says which file the value belongs in.",
            $"Write it there: {PerNode}.")),
        (typeof(FileProblem.NoMark), new(1210, "A template holds `%{` that begins no mark",
            "A mark is `%{NAME}`.",
            "Write `%%{` where it is to stay as it is.")),
        (typeof(PrimaryFault.Moved), new(1211, "A file of the primary changed while it was read",
            "A program saves it again and again. The run began again by itself before it gave up.",
            "Run again once the file is at rest.")),
        (typeof(PrimaryFault.PostSyncInapplicable), new(1212, "`POSTSYNC` is for a file that is not pushed",
            "There is no such file under `CONFPATHS`, `EXCLUDE` matches it, or it is no regular file.",
            "Correct `POSTSYNC`: [POSTSYNC](manual.md#postsync).")),
    ]);
}
