"""What this machine offers a model: a GPU, free memory. Asks the driver and the kernel, never torch."""

import ctypes
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PRECISIONS = ("auto", "fp32", "bf16", "fp16", "int8", "nf4")
GROUP_LIMITS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ),
)

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of malloc.h


@lru_cache(maxsize=1)
def gpu_memory() -> tuple[int, ...]:
    """Bytes of each GPU that the installed torch could use; () without one. Respects CUDA_VISIBLE_DEVICES."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
        is_cpu_build = "+cpu" in version("torch")
    except (OSError, PackageNotFoundError):
        return ()
    count = ctypes.c_int()
    if is_cpu_build or driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count)):
        return ()
    return tuple(_bytes_of(driver, index) for index in range(count.value))


def _bytes_of(driver: ctypes.CDLL, index: int) -> int:
    device, size = ctypes.c_int(), ctypes.c_size_t()
    driver.cuDeviceGet(ctypes.byref(device), index)
    driver.cuDeviceTotalMem_v2(ctypes.byref(size), device)
    return size.value


def has_gpu() -> bool:
    return bool(gpu_memory())


def free_memory() -> int:
    """Bytes that a model may take here: all GPUs together, or the main memory that is free."""
    return sum(gpu_memory()) if has_gpu() else main_memory()


def keep_freed_memory() -> None:
    """Lets this process keep what it frees, up to 256 MB: the next pass of a model needs as much again.

    Else the C library (glibc; others are left alone) may hand it back after every layer, depending on what
    happens to lie behind it, and the kernel clears each page anew: measured, 13 % of the time of ranking.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, 32 << 20)
        libc.mallopt(M_TRIM_THRESHOLD, 256 << 20)


def main_memory() -> int:
    """Free main memory, or what the container's limit leaves of it; 0 when the system does not say."""
    lines = _read(Path("/proc/meminfo")).splitlines()
    free = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")), 0)
    for limit, used in GROUP_LIMITS:
        if _read(limit).isdigit() and _read(used).isdigit():
            free = min(free, max(int(_read(limit)) - int(_read(used)), 0))
    return free


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
