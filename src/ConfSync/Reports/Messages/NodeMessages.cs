using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>The codes of steps that failed on a node: NS-30… before anything changes there, NS-40… at the activation, NS-41… of the
/// session, NS-90… of defects. What nginx-sync itself refuses is in <see cref="RefusalMessages"/>; the codes of the primary's own shell
/// are in <see cref="PrimaryMessages"/>.</summary>
internal static class NodeMessages
{
    private static readonly MessageCode Overdue = new(4102, "A limit was over",
        "A step took longer than its variable allows; the message names both. The node or the primary ended it. A node undoes by itself what was not confirmed.",
        "See what takes so long there, or raise the variable: [Time-outs](manual.md#time-outs).");

    public static IReadOnlyDictionary<PeerFailure, MessageCode> Of { get; } = MessageCode.Table<PeerFailure>(
    [
        (PeerFailure.Locked, new(3001, "Another push is at work on the node",
            "The message names who runs it and since when. A node's lock ends with its process, so none is ever left behind.",
            "Wait for it, then run again; of a roll-back, `nginx-sync rollback NODE` does the node that is left. Remove nothing.")),
        (PeerFailure.NotRoot, new(3002, "The login is not root and may not write where the lock is kept",
            "With `-u`, nginx-sync does without sudo, and `/run/nginx-sync` belongs to another user or is missing.",
            "Make `/run/nginx-sync` for this login (tmpfiles.d), or leave `-u` out: [Logins without root](manual.md#logins-without-root).")),
        (PeerFailure.Prerequisite, new(3003, "The node lacks something without which no push works",
            "A program or nginx is missing, it is no Linux, several nginx masters run, or others than root may write to a directory of nginx-sync's own.",
            "Do what the message says; `nginx-sync doctor web1` shows all of it at once. `NGINX` names another nginx: [Which nginx](manual.md#which-nginx).")),
        (PeerFailure.Unfinished, new(3004, "An earlier push was cut off and could not be undone",
            "The node lost power in a push. Something hinders the undo now, mostly a full or read-only file system; or the record of that push is damaged.",
            "Remove what the message names, and push again: each push begins with this undo. See [A damaged record](manual.md#a-damaged-record).")),
        (PeerFailure.Unsafe, new(3005, "A path is a symbolic link or a mount point there, or leads to nginx-sync's own files",
            "A push would write somewhere else than it says.",
            "Name the path that it leads to in `CONFPATHS`, or exclude it.")),
        (PeerFailure.Scan, new(3006, "The node's files could not be read",
            "Something cannot be read, or files changed there during each of six scans; `-r` names them.",
            "Run again. If a program writes there all the time, name its files in `EXCLUDE`.")),
        (PeerFailure.Stage, new(3007, "The new files could not be put beside the old ones",
            "No room, a read-only file system, an immutable file, or a user or group that the node does not have. Nothing was changed.",
            "Remove what the message names.")),
        (PeerFailure.Test, new(3008, "The test of the new configuration failed on the node",
            "The primary's own test passed. The node lacks a file, a module, a user, a name or an address, or has another version.",
            "If what the test says is about the configuration, correct it on the primary and push again; else mend the node. `nginx-sync doctor` compares versions and modules. " +
            "If the test proves nothing because nginx reads no file of `CONFPATHS`: [Which nginx](manual.md#which-nginx).")),
        (PeerFailure.Changed, new(4001, "A file changed on the node during the push",
            "Another person or program edits files there. The push was undone, or did not begin there.",
            "Run again. Name files that the machine itself writes in `EXCLUDE`.")),
        (PeerFailure.Write, new(4002, "A file could not be replaced on the node",
            "A rename failed, or what it replaces could not be kept. What had changed was undone.",
            "See the words of the program, the node's disk and its kernel log.")),
        (PeerFailure.Gone, new(4003, "A file disappeared on the node during the push",
            "Another person or program removes files there.",
            "Run again.")),
        (PeerFailure.Nginx, new(4004, "It is not certain which nginx a reload would reach",
            "Several masters run, an upgrade of nginx is not finished, or none is the one that was tested.",
            "Finish the upgrade, or set `NGINX` and `PIDFILE`: [Which nginx](manual.md#which-nginx).")),
        (PeerFailure.Reload, new(4005, "nginx was not seen to serve the new configuration",
            "It passed its test and was not taken up: mostly a port that another program holds, a missing directory, or too many connections for its limits. The old configuration is back in place.",
            "nginx's error log is quoted below the message. Correct what it names and push again. If nginx is only slow, raise `RELOAD_TIMEOUT`.")),
        (PeerFailure.Health, new(4006, "`HEALTHCHECK` did not succeed",
            "nginx serves the new configuration, and the command ended with another status than 0, or not in time. The push was undone there.",
            "What the command said is below the message. Correct the configuration, or the command: [HEALTHCHECK](manual.md#healthcheck).")),
        (PeerFailure.Undo, new(4007, "A node's old state could not be put back",
            "The undo failed: mostly a full or read-only file system, or nginx did not take the old configuration any more. The node holds parts of both configurations, unless the message says that the old files are back.",
            "Remove what hinders it and push again, or finish it on the node, as root: `sh /run/nginx-sync/undo`.")),
        (PeerFailure.Lost, new(4101, "The connection was lost",
            "The network, the node or sshd ended the session. A node undoes by itself what was not confirmed.",
            "Run again: each push begins with undoing what may be left.")),
        (PeerFailure.TimedOut, Overdue),
        (PeerFailure.Overdue, Overdue),
        (PeerFailure.Died, new(4103, "The process of the push ended on the node before its work was done",
            "It was killed there: by a person, or by the kernel for want of memory. What had changed was undone.",
            "Look into the node's kernel log. Run again.")),
        (PeerFailure.History, new(5001, "The generations of the node cannot be read",
            "This login may not read them, or others than root may write to `BACKUPDIR` or to a directory on the way to it.",
            "See who may write there: [Directories of nginx-sync](manual.md#directories-of-nginx-sync).")),
        (PeerFailure.Defect, new(9001, "A defect of nginx-sync",
            "The program met something that it was not written for. A node undoes by itself what was not confirmed.",
            "Please report it with what the message says; it holds no content of your files.")),
        (PeerFailure.Protocol, new(9002, "The node's answer makes no sense",
            "Something writes into the session besides nginx-sync, or this is a defect. A node undoes by itself what was not confirmed.",
            "See that start-up files print nothing where there is no terminal. Run again; if it stays, report it.")),
        (PeerFailure.Version, new(9003, "The node greeted with another protocol",
            "Something stands between the primary and the node's shell.",
            "Run again; if it stays, report it.")),
    ]);
}
