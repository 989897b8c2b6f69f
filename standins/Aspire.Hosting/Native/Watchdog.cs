using System.Diagnostics;

namespace NativeProcesses;

/// <summary>
/// A small shell that reads a pipe from this process. When the pipe ends, however this process died (kill -9 included), it
/// stops what is still registered and removes the temporary folders. One for each process.
/// </summary>
internal sealed class Watchdog
{
    // A line is "+ SIGNAL-NUMBER TARGET", "- TARGET" or "tmp FOLDER" / "kept FOLDER"; a negative target is a process group.
    private const string Script = """
        trap '' INT TERM HUP QUIT
        newline='
        '
        targets=''; folders=''
        while read -r verb what rest; do
          case $verb in
            +) targets="$targets $what/$rest" ;;
            -) kept=''; for t in $targets; do [ "${t#*/}" = "$what" ] || kept="$kept $t"; done; targets=$kept ;;
            tmp) folders="$folders$what${rest:+ $rest}$newline" ;;
            kept) left=''; IFS=$newline; for f in $folders; do [ "$f" = "$what${rest:+ $rest}" ] || left="$left$f$newline"; done; unset IFS; folders=$left ;;
          esac
        done
        for t in $targets; do kill -s "${t%%/*}" -- "${t#*/}" 2>/dev/null; done
        i=0
        while [ $i -lt 100 ]; do
          alive=''
          for t in $targets; do
            p=${t#*/}
            kill -s 0 -- "$p" 2>/dev/null || continue
            case $(sed 's/.*) //' "/proc/${p#-}/stat" 2>/dev/null) in Z*) continue ;; esac
            alive="$alive $t"
          done
          [ -n "$alive" ] || break
          i=$((i+1)); sleep 0.1
        done
        for t in $targets; do case $t in */-*) alive="$alive $t" ;; esac; done
        for t in $alive; do kill -s KILL -- "${t#*/}" 2>/dev/null; done
        IFS=$newline
        for f in $folders; do rm -rf -- "$f"; done
        """;

    private static readonly Lazy<Watchdog> s_instance = new(() => new Watchdog());

    private readonly StreamWriter _pipe;

    private Watchdog()
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, WorkingDirectory = "/" };
        ChildCommand.Fill(start, ["/bin/sh", "-c", Script]);
        _pipe = Process.Start(start)!.StandardInput;
        _pipe.AutoFlush = true;
    }

    public static Watchdog Instance => s_instance.Value;

    public void Watch(int target, ChildSignal signal) => Send($"+ {(int)signal} {target}");

    public void Forget(int target) => Send($"- {target}");

    public void RemoveAtTheEnd(string folder) => Send($"tmp {folder}");

    public void Removed(string folder) => Send($"kept {folder}");

    private void Send(string line)
    {
        lock (_pipe)
            _pipe.Write(line + "\n");
    }
}
